#include "CCrypto.h"

#include <openssl/evp.h>

int qa_crypto_sha256(const uint8_t *bytes, size_t length, uint8_t *digest) {
  static const uint8_t nothing[1] = {0};
  return EVP_Digest(bytes ? bytes : nothing, length, digest, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

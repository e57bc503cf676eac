#include "CCrypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

int qa_crypto_sha256(const uint8_t *bytes, size_t length, uint8_t *digest) {
  static const uint8_t nothing[1] = {0};
  return EVP_Digest(bytes ? bytes : nothing, length, digest, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

int qa_crypto_hmac_sha1(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
                        uint8_t *digest) {
  static const uint8_t nothing[1] = {0};
  if (key_length > INT_MAX) return -1;
  unsigned char *result = HMAC(EVP_sha1(), key ? key : nothing, (int)key_length,
                               bytes ? bytes : nothing, length, digest, NULL);
  return result ? 0 : -1;
}

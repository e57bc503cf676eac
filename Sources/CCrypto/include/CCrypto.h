#ifndef QA_CCRYPTO_H
#define QA_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Writes the SHA-256 of `length` bytes to `digest`, which has room for 32.
///
/// `bytes` may be NULL when `length` is 0. Returns 0, or -1 when libcrypto refuses. Safe on any thread.
int qa_crypto_sha256(const uint8_t *_Nullable bytes, size_t length, uint8_t *digest);

/// Writes the HMAC-SHA1 of `length` bytes under a key to `digest`, which has room for 20.
///
/// `key` and `bytes` may be NULL when their length is 0. Returns 0, or -1 when libcrypto refuses. Safe on
/// any thread.
int qa_crypto_hmac_sha1(const uint8_t *_Nullable key, size_t key_length,
                        const uint8_t *_Nullable bytes, size_t length, uint8_t *digest);

#pragma clang assume_nonnull end

#endif

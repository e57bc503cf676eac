#ifndef QA_CPNG_H
#define QA_CPNG_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Encodes `height` rows of `width` BGRX pixels, `stride` bytes apart, as an 8-bit RGB PNG.
///
/// Filter none; `level` is zlib's, 0…9. Returns 0 and a buffer in `*out` that qa_png_free takes, or -1
/// and a message in `error` (always terminated). libpng's longjmp never leaves this function.
int qa_png_encode(const uint8_t *bgrx, uint32_t width, uint32_t height, size_t stride, int level,
                  uint8_t *_Nullable *_Nonnull out, size_t *count, char *error,
                  size_t error_capacity);

/// Decodes a PNG whose header says `width` x `height` into `bgrx`, which holds width * height * 4 bytes.
///
/// Every colour type, depth and interlacing becomes 8-bit B G R 0; transparent pixels are laid over
/// white. Chunks that need more than 8 MiB are an error. Returns 0, or -1 and a message.
int qa_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *bgrx,
                  char *error, size_t error_capacity);

/// Frees what qa_png_encode made.
void qa_png_free(uint8_t *_Nullable bytes);

#pragma clang assume_nonnull end
#endif

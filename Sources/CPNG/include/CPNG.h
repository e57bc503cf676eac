#ifndef QA_CPNG_H
#define QA_CPNG_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Decodes a PNG whose header says `width` x `height` into `pixels`, which holds width * height * 4 bytes.
///
/// Every colour type, depth and interlacing becomes 8-bit B G R 0 with transparent pixels laid over
/// white, or B G R A when `keeps_alpha` is not 0. Chunks that need more than 8 MiB are an error. Returns 0,
/// or -1 and a message.
int qa_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                  int keeps_alpha, uint8_t *pixels, char *error, size_t error_capacity);

#pragma clang assume_nonnull end
#endif

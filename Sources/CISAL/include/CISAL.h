#ifndef QA_CISAL_H
#define QA_CISAL_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Memory for the strips of one picture.
struct qa_isal_encoder;

/// An encoder for strips of at most `rows` rows of `width` pixels, or NULL without memory.
struct qa_isal_encoder *_Nullable qa_isal_encoder_new(uint32_t width, uint32_t rows);

/// Encodes `rows` rows of BGRX pixels, `stride` bytes apart, as one IDAT chunk of a PNG.
///
/// The chunk holds RGB rows without filter, deflated by itself up to a full flush, so it can be joined
/// with others in any picture of the same width. Its length is a multiple of 3, made so with empty
/// stored blocks. `*chunk` belongs to the encoder and is good until the next call; `*adler` is the
/// Adler-32 of the rows alone. Returns 0, or -1 when the deflater gave up.
int qa_isal_encode_strip(struct qa_isal_encoder *encoder, const uint8_t *bgrx, uint32_t rows,
                         size_t stride, const uint8_t *_Nullable *_Nonnull chunk, size_t *count,
                         uint32_t *adler);

/// Frees an encoder.
void qa_isal_encoder_free(struct qa_isal_encoder *_Nullable encoder);

/// The CRC-32 that PNG chunks end with.
uint32_t qa_isal_crc32(const uint8_t *bytes, size_t count);

#pragma clang assume_nonnull end
#endif

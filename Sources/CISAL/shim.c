#include "CISAL.h"

#include <isa-l.h>
#include <stdlib.h>
#include <string.h>

// Length and name before the data, a checksum after it.
enum { CHUNK_HEAD = 8, CHUNK_TAIL = 4, EMPTY_BLOCK = 5 };

struct qa_isal_encoder {
  struct isal_zstream stream;
  uint32_t width, rows;
  size_t capacity;
  uint8_t *raw, *chunk;
  uint8_t level[ISAL_DEF_LVL1_DEFAULT];
};

struct qa_isal_encoder *qa_isal_encoder_new(uint32_t width, uint32_t rows) {
  size_t raw = (size_t)rows * (1 + 3 * (size_t)width);
  // Noise grows by far less than an eighth; one pixel is stored with four bytes.
  size_t capacity = raw + raw / 8 + 4096;
  struct qa_isal_encoder *encoder = malloc(sizeof *encoder + raw + 1 + capacity);
  if (!encoder) return NULL;
  encoder->width = width;
  encoder->rows = rows;
  encoder->capacity = capacity;
  encoder->raw = (uint8_t *)(encoder + 1);
  encoder->chunk = encoder->raw + raw + 1;
  return encoder;
}

void qa_isal_encoder_free(struct qa_isal_encoder *encoder) { free(encoder); }

uint32_t qa_isal_crc32(const uint8_t *bytes, size_t count) {
  return crc32_gzip_refl(0, bytes, count);
}

static void put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

// B G R X in memory becomes R G B and a byte that the next pixel overwrites.
static uint8_t *put_row(uint8_t *to, const uint8_t *bgrx, uint32_t width) {
  *to++ = 0;
  for (uint32_t x = 0; x < width; x++) {
    const uint8_t *pixel = bgrx + (size_t)x * 4;
    uint32_t value = (uint32_t)pixel[2] | (uint32_t)pixel[1] << 8 | (uint32_t)pixel[0] << 16;
    memcpy(to, &value, sizeof value);
    to += 3;
  }
  return to;
}

static int deflate_strip(struct qa_isal_encoder *encoder, size_t count, size_t *produced) {
  struct isal_zstream *stream = &encoder->stream;
  isal_deflate_init(stream);
  stream->level = 1;
  stream->level_buf = encoder->level;
  stream->level_buf_size = sizeof encoder->level;
  stream->flush = FULL_FLUSH;
  stream->end_of_stream = 0;
  stream->next_in = encoder->raw;
  stream->avail_in = (uint32_t)count;
  stream->next_out = encoder->chunk + CHUNK_HEAD;
  stream->avail_out = (uint32_t)(encoder->capacity - CHUNK_HEAD - CHUNK_TAIL - 2 * EMPTY_BLOCK);
  if (isal_deflate(stream) != COMP_OK || stream->avail_in || !stream->avail_out) return -1;
  *produced = stream->total_out;
  return 0;
}

int qa_isal_encode_strip(struct qa_isal_encoder *encoder, const uint8_t *bgrx, uint32_t rows,
                         size_t stride, const uint8_t **chunk, size_t *count, uint32_t *adler) {
  if (!rows || rows > encoder->rows) return -1;
  uint8_t *to = encoder->raw;
  for (uint32_t y = 0; y < rows; y++) to = put_row(to, bgrx + y * stride, encoder->width);
  size_t raw = (size_t)(to - encoder->raw);
  size_t length = 0;
  if (deflate_strip(encoder, raw, &length)) return -1;
  static const uint8_t empty[EMPTY_BLOCK] = {0, 0, 0, 0xFF, 0xFF};
  for (; length % 3; length += EMPTY_BLOCK)
    memcpy(encoder->chunk + CHUNK_HEAD + length, empty, EMPTY_BLOCK);
  put32(encoder->chunk, (uint32_t)length);
  memcpy(encoder->chunk + 4, "IDAT", 4);
  put32(encoder->chunk + CHUNK_HEAD + length, qa_isal_crc32(encoder->chunk + 4, length + 4));
  *chunk = encoder->chunk;
  *count = CHUNK_HEAD + length + CHUNK_TAIL;
  *adler = isal_adler32(1, encoder->raw, raw);
  return 0;
}

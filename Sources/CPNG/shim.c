#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct message {
  char *text;
  size_t capacity;
};

static void fail(png_structp png, png_const_charp text) {
  struct message *message = png_get_error_ptr(png);
  if (message && message->capacity) {
    strncpy(message->text, text, message->capacity - 1);
    message->text[message->capacity - 1] = 0;
  }
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

struct input {
  const uint8_t *bytes;
  size_t left;
};

static void take(png_structp png, png_bytep data, size_t length) {
  struct input *input = png_get_io_ptr(png);
  if (input->left < length) png_error(png, "the file ends too early");
  memcpy(data, input->bytes, length);
  input->bytes += length;
  input->left -= length;
}

static void convert(png_structp png, png_infop info, int keeps_alpha) {
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_bgr(png);
  if (keeps_alpha) {
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  } else {
    png_color_16 white = {0, 255, 255, 255, 255};
    png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1);
    png_set_filler(png, 0, PNG_FILLER_AFTER);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

int qa_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                  int keeps_alpha, uint8_t *pixels, char *error, size_t error_capacity) {
  struct message message = {error, error_capacity};
  struct input input = {bytes, count};
  png_infop info = NULL;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &message, fail, ignore);
  if (png) info = png_create_info_struct(png);
  png_bytep *rows = malloc(sizeof(png_bytep) * height);
  if (!png || !info || !rows) {
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    strncpy(error, "out of memory", error_capacity);
    error[error_capacity - 1] = 0;
    return -1;
  }
  for (uint32_t y = 0; y < height; y++) rows[y] = pixels + (size_t)y * width * 4;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    return -1;
  }
  png_set_read_fn(png, &input, take);
  png_set_user_limits(png, width, height);
  png_set_chunk_malloc_max(png, 8 << 20);
  png_set_chunk_cache_max(png, 64);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
    png_error(png, "two headers disagree");
  convert(png, info, keeps_alpha);
  if (png_get_rowbytes(png, info) != (size_t)width * 4) png_error(png, "unexpected row size");
  png_read_image(png, rows);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  free(rows);
  return 0;
}

#include "CVNCClient.h"

#include <string.h>

static const uint32_t colour_mask = 0x00FFFFFF;

static uint32_t load(const uint8_t *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value & colour_mask;
}

static bool row_differs(const uint8_t *row, const uint8_t *pixels, int width) {
  uint32_t difference = 0;
  for (int i = 0; i < width; i++) difference |= load(row + 4 * i) ^ load(pixels + 4 * i);
  return difference != 0;
}

// Copies one row; the first and the last changed column, or false when none changed.
static bool put_row(uint8_t *row, const uint8_t *pixels, int width, int *first, int *last) {
  if (!row_differs(row, pixels, width)) return false;
  int left = 0, right = width - 1;
  while (load(row + 4 * left) == load(pixels + 4 * left)) left++;
  while (load(row + 4 * right) == load(pixels + 4 * right)) right--;
  for (int i = left; i <= right; i++) {
    uint32_t value = load(pixels + 4 * i);
    memcpy(row + 4 * i, &value, sizeof value);
  }
  *first = left;
  *last = right;
  return true;
}

static void grow(struct qa_vncclient_box *box, int left, int right, int y) {
  if (box->right <= box->left) {
    *box = (struct qa_vncclient_box){left, y, right, y + 1};
    return;
  }
  if (left < box->left) box->left = left;
  if (right > box->right) box->right = right;
  if (y < box->top) box->top = y;
  if (y >= box->bottom) box->bottom = y + 1;
}

bool qa_vncclient_differs(const uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                          size_t pixels_stride, int x, int y, int width, int height) {
  for (int line = 0; line < height; line++) {
    const uint8_t *row = frame + (size_t)(y + line) * frame_stride + (size_t)x * 4;
    if (row_differs(row, pixels + (size_t)line * pixels_stride, width)) return true;
  }
  return false;
}

void qa_vncclient_put(uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                      size_t pixels_stride, int x, int y, int width, int height,
                      struct qa_vncclient_box *changed) {
  for (int line = 0; line < height; line++) {
    uint8_t *row = frame + (size_t)(y + line) * frame_stride + (size_t)x * 4;
    int first, last;
    if (put_row(row, pixels + (size_t)line * pixels_stride, width, &first, &last)) {
      grow(changed, x + first, x + last + 1, y + line);
    }
  }
}

void qa_vncclient_paint(uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                        size_t pixels_stride, int x, int y, int width, int height) {
  for (int line = 0; line < height; line++) {
    uint8_t *row = frame + (size_t)(y + line) * frame_stride + (size_t)x * 4;
    const uint8_t *source = pixels + (size_t)line * pixels_stride;
    for (int i = 0; i < width; i++) {
      uint32_t value = load(source + 4 * i);
      memcpy(row + 4 * i, &value, sizeof value);
    }
  }
}

void qa_vncclient_fill(uint8_t *frame, size_t stride, int x, int y, int width, int height,
                       uint32_t value) {
  value &= colour_mask;
  uint8_t *row = frame + (size_t)y * stride + (size_t)x * 4;
  // Almost all of what is filled is as wide as a tile.
  if (width == 16) {
    uint32_t line[16];
    for (int i = 0; i < 16; i++) line[i] = value;
    for (; height > 0; height--, row += stride) memcpy(row, line, sizeof line);
    return;
  }
  for (; height > 0; height--, row += stride) {
    for (int i = 0; i < width; i++) memcpy(row + 4 * i, &value, sizeof value);
  }
}

#include "CFreeType.h"

#include <ft2build.h>
#include <stdlib.h>
#include <string.h>

#include FT_FREETYPE_H

struct qa_freetype_face {
  FT_Library library;
  FT_Face face;
  uint8_t *coverage;
  size_t capacity;
};

qa_freetype_face *qa_freetype_open(const char *path, unsigned pixels) {
  qa_freetype_face *face = calloc(1, sizeof *face);
  if (!face) return NULL;
  if (FT_Init_FreeType(&face->library) || FT_New_Face(face->library, path, 0, &face->face) ||
      FT_Set_Pixel_Sizes(face->face, 0, pixels)) {
    qa_freetype_close(face);
    return NULL;
  }
  return face;
}

void qa_freetype_extent(qa_freetype_face *face, int *above, int *below) {
  *above = (int)((face->face->size->metrics.ascender + 63) >> 6);
  *below = (int)((-face->face->size->metrics.descender + 63) >> 6);
}

int qa_freetype_draw(qa_freetype_face *face, uint32_t code, struct qa_freetype_glyph *glyph) {
  FT_UInt index = FT_Get_Char_Index(face->face, code);
  // Light hinting: sharp horizontals, and the shapes keep their widths.
  if (!index || FT_Load_Glyph(face->face, index, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT)) return 0;
  FT_GlyphSlot slot = face->face->glyph;
  if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY || slot->bitmap.pitch < 0) return 0;
  size_t width = slot->bitmap.width, height = slot->bitmap.rows, size = width * height;
  if (size > face->capacity) {
    uint8_t *grown = realloc(face->coverage, size);
    if (!grown) return 0;
    face->coverage = grown;
    face->capacity = size;
  }
  for (size_t row = 0; row < height; row++)
    memcpy(face->coverage + row * width, slot->bitmap.buffer + row * (size_t)slot->bitmap.pitch,
           width);
  *glyph = (struct qa_freetype_glyph){
      .left = slot->bitmap_left,
      .top = slot->bitmap_top,
      .width = (int)width,
      .height = (int)height,
      .advance = (int)((slot->advance.x + 32) >> 6),
      .coverage = face->coverage,
  };
  return 1;
}

void qa_freetype_close(qa_freetype_face *face) {
  if (face->face) FT_Done_Face(face->face);
  if (face->library) FT_Done_FreeType(face->library);
  free(face->coverage);
  free(face);
}

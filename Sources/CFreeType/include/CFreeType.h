// The glyphs of one font file at one size, as coverage values.
#ifndef QA_CFREETYPE_H
#define QA_CFREETYPE_H

#include <stdint.h>

_Pragma("clang assume_nonnull begin")

/// A font file at one size. One thread at a time may use it.
typedef struct qa_freetype_face qa_freetype_face;

/// A glyph: `width * height` bytes of coverage, 0…255, row by row, whose top left pixel lies `left`
/// pixels to the right of the pen and `top` pixels above the baseline.
struct qa_freetype_glyph {
  int left, top, width, height;
  /// How far the pen moves, in pixels.
  int advance;
  /// Valid until the next call for the same face.
  const uint8_t *_Nullable coverage;
};

/// Opens a font at a size in pixels, or null.
qa_freetype_face *_Nullable qa_freetype_open(const char *path, unsigned pixels);

/// Pixels above and below the baseline that any line of this face needs.
void qa_freetype_extent(qa_freetype_face *face, int *above, int *below);

/// Draws a glyph; 0 when the font has none for this code point.
int qa_freetype_draw(qa_freetype_face *face, uint32_t code, struct qa_freetype_glyph *glyph);

/// Closes a face.
void qa_freetype_close(qa_freetype_face *face);

_Pragma("clang assume_nonnull end")
#endif

// What LibVNCClient does for us, and the pixel work that must be fast in every build.
#ifndef QA_CVNCCLIENT_H
#define QA_CVNCCLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

/// What a server said about itself.
struct qa_vncclient_session {
  /// The size of the screen, as announced and unchecked.
  int width, height;
  /// The security type that was used or tried; 0 when it did not come to that.
  uint32_t security;
  /// Whether a password was asked for.
  bool password_wanted;
  /// The desktop name, cut to its first bytes, ended by a zero.
  char name[1024];
  /// How many bytes were read behind the handshake, at most QA_VNCCLIENT_LEFTOVER.
  size_t leftover_count;
};

/// The size of the library's read buffer.
#define QA_VNCCLIENT_LEFTOVER 8192

/// Does the RFB handshake on a connected, blocking socket: version, security type, password,
/// ClientInit (shared) and ServerInit. Sends nothing after that and leaves the socket open.
///
/// Without a password only the security type None is taken, with one only VNC authentication.
/// Blocks without a limit; shutdown() of the socket on another thread ends it.
/// Bytes that came behind the handshake go into `leftover`, which has room for
/// QA_VNCCLIENT_LEFTOVER. The library's own words, one line each, go into `log`, which is always
/// ended by a zero.
bool qa_vncclient_handshake(int socket, const char *_Nullable password,
                            struct qa_vncclient_session *session, uint8_t *leftover, char *log,
                            size_t log_capacity);

/// A half-open box of pixels; it is empty while `right <= left`.
struct qa_vncclient_box {
  int left, top, right, bottom;
};

/// Whether any of `width` × `height` pixels differs from what a frame has at `x`, `y`; the fourth byte
/// of a pixel does not count. Under the same conditions as qa_vncclient_put.
bool qa_vncclient_differs(const uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                          size_t pixels_stride, int x, int y, int width, int height);

/// Copies `width` × `height` pixels into a frame at `x`, `y` and grows `changed` by the pixels that
/// are different now. The fourth byte of each pixel becomes 0.
///
/// Strides are in bytes. The caller has checked that the block lies inside the frame and that the
/// pixels are there. `pixels` needs no alignment and must not overlap the block.
void qa_vncclient_put(uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                      size_t pixels_stride, int x, int y, int width, int height,
                      struct qa_vncclient_box *changed);

/// The same without looking at what changes.
void qa_vncclient_paint(uint8_t *frame, size_t frame_stride, const uint8_t *pixels,
                        size_t pixels_stride, int x, int y, int width, int height);

/// Sets `width` × `height` pixels of a frame to one value, whose fourth byte becomes 0.
void qa_vncclient_fill(uint8_t *frame, size_t frame_stride, int x, int y, int width, int height,
                       uint32_t value);

/// Turns the sixteen bytes of a VNC challenge into the answer to it, in place. A password counts up to
/// its eighth byte.
void qa_vncclient_answer(uint8_t *challenge, const char *password);

_Pragma("clang assume_nonnull end")
#endif

#ifndef QA_CZLIB_H
#define QA_CZLIB_H

#include <stddef.h>

/// Inflates a zlib stream (RFC 1950), which may lack its end, as streams with a sync flush do.
///
/// Writes at most `room` bytes to `out` and returns how many there were; -1 when the input is no zlib
/// stream, -2 when it holds more than `room` bytes, -3 when memory is short.
long qa_zlib_inflate(const void *input, size_t length, void *out, size_t room);

#endif

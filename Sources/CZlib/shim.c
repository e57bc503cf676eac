#include "CZlib.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

long qa_zlib_inflate(const void *input, size_t length, void *out, size_t room) {
  if (length > UINT_MAX || room >= UINT_MAX) return -1;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit(&stream) != Z_OK) return -3;
  stream.next_in = (Bytef *)input;
  stream.avail_in = (uInt)length;
  stream.next_out = out;
  stream.avail_out = (uInt)room;
  int code = inflate(&stream, Z_SYNC_FLUSH);
  long used = (long)(room - stream.avail_out);
  // A full room is only enough when the stream says that nothing follows.
  int isFull = stream.avail_out == 0 && code != Z_STREAM_END;
  inflateEnd(&stream);
  if (code == Z_MEM_ERROR) return -3;
  if (isFull) return -2;
  return code == Z_OK || code == Z_STREAM_END ? used : -1;
}

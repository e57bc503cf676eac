// libmicrohttpd as a server for tests: one thread for each connection, so that an answer may take its
// time, and the bare socket where an answer has to break the protocol.
#ifndef QA_CMICROHTTPD_H
#define QA_CMICROHTTPD_H

#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

struct qa_mhd_server;
struct qa_mhd_request;

/// Handles one request, on the connection's own thread, when its body is complete. It answers by one of
/// the functions below; when it does not, the connection is closed.
typedef void (*qa_mhd_handler)(void *_Nullable context, struct qa_mhd_request *request);

/// Listens on 127.0.0.1 (`path` null; `port` 0 takes a free one) or on a unix socket at `path`, which
/// must not exist, and serves. A request whose body exceeds `body_limit` bytes loses its connection
/// while it is still being sent. With a certificate and its key, both PEM, it speaks TLS.
/// Null with errno on failure.
struct qa_mhd_server *_Nullable qa_mhd_start(
    uint16_t port, const char *_Nullable path, const char *_Nullable certificate,
    const char *_Nullable key, size_t body_limit,
    qa_mhd_handler handler __attribute__((swift_attr("@Sendable"))), void *_Nullable context);

/// The TCP port; 0 for a unix socket.
uint16_t qa_mhd_port(struct qa_mhd_server *server);

/// Ends all answers that wait, then all connections, and frees the server.
void qa_mhd_stop(struct qa_mhd_server *server);

/// The request's method, target with its query, and body; valid inside the handler.
const char *qa_mhd_method(struct qa_mhd_request *request);
const char *qa_mhd_target(struct qa_mhd_request *request);
const uint8_t *_Nullable qa_mhd_body(struct qa_mhd_request *request, size_t *length);

/// A number for the connection, the same for all requests on it.
uint64_t qa_mhd_connection(struct qa_mhd_request *request);

/// Calls back for each header.
typedef void (*qa_mhd_header_function)(void *_Nullable context, const char *name, const char *value);
void qa_mhd_headers(struct qa_mhd_request *request, qa_mhd_header_function each,
                    void *_Nullable context);

/// Why a wait ended.
enum { QA_MHD_TIME = 0, QA_MHD_CLIENT_LEFT = 1, QA_MHD_STOPPED = 2 };

/// Waits for a time in milliseconds (negative: without end), the client's leaving, or the server's stop.
int qa_mhd_wait(struct qa_mhd_request *request, int milliseconds);

/// Answers with a complete body; `headers` are pairs of name and value, ended by null.
void qa_mhd_reply(struct qa_mhd_request *request, int status,
                  const char *_Nullable const *_Nonnull headers, const uint8_t *_Nullable body,
                  size_t length);

/// Gives the next bytes of a body: writes at most `capacity` and returns how many, 0 at the end, or -1
/// to close the connection in the middle. It may wait, on the connection's thread.
typedef ptrdiff_t (*qa_mhd_reader)(void *_Nullable context, struct qa_mhd_request *request,
                                   uint8_t *buffer, size_t capacity);

/// Answers in chunks. `finished` is called once with the context when the answer is over.
void qa_mhd_reply_chunked(struct qa_mhd_request *request, int status,
                          const char *_Nullable const *_Nonnull headers,
                          qa_mhd_reader reader __attribute__((swift_attr("@Sendable"))),
                          void (*finished)(void *_Nullable)
                              __attribute__((swift_attr("@Sendable"))),
                          void *_Nullable context);

/// Writes bytes to the socket past the protocol; after that, answer nothing. -1 when the client left.
int qa_mhd_write_raw(struct qa_mhd_request *request, const uint8_t *bytes, size_t length);

/// Resets the connection now.
void qa_mhd_reset(struct qa_mhd_request *request);

_Pragma("clang assume_nonnull end")
#endif

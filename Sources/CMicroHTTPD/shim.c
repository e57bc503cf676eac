#include "CMicroHTTPD.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct qa_mhd_server {
  struct MHD_Daemon *daemon;
  qa_mhd_handler handler;
  void *context;
  size_t body_limit;
  int stop;
  uint16_t port;
  char path[108];
  char *certificate;
  char *key;
  atomic_ullong connections;
};

struct qa_mhd_request {
  struct qa_mhd_server *server;
  struct MHD_Connection *connection;
  uint64_t number;
  char *method;
  char *target;
  uint8_t *body;
  size_t length;
  size_t capacity;
  int socket;
  int answered;
};

// What a chunked answer's reader is called with.
struct stream {
  struct qa_mhd_request *request;
  qa_mhd_reader reader;
  void (*finished)(void *);
  void *context;
};

static int socket_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

static uint64_t number_of(struct qa_mhd_server *server, struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  (void)server;
  return info && info->socket_context ? (uint64_t)(uintptr_t)info->socket_context : 0;
}

static void connection_changed(void *context, struct MHD_Connection *connection,
                               void **socket_context, enum MHD_ConnectionNotificationCode code) {
  (void)connection;
  struct qa_mhd_server *server = context;
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    *socket_context = (void *)(uintptr_t)(atomic_fetch_add(&server->connections, 1) + 1);
}

// The target as it was sent, with its query: noted before libmicrohttpd takes it apart.
static void *note_target(void *context, const char *uri, struct MHD_Connection *connection) {
  (void)context;
  (void)connection;
  struct qa_mhd_request *request = calloc(1, sizeof *request);
  if (request) request->target = strdup(uri);
  return request;
}

static int grow(struct qa_mhd_request *request, size_t more) {
  size_t wanted = request->length + more;
  if (wanted > request->server->body_limit) return -1;
  if (wanted <= request->capacity) return 0;
  size_t capacity = request->capacity ? request->capacity : 64 << 10;
  while (capacity < wanted) capacity *= 2;
  uint8_t *body = realloc(request->body, capacity);
  if (!body) return -1;
  request->body = body;
  request->capacity = capacity;
  return 0;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **state) {
  (void)url;
  (void)version;
  struct qa_mhd_server *server = context;
  struct qa_mhd_request *request = *state;
  if (!request) return MHD_NO;
  if (!request->server) {
    request->server = server;
    request->connection = connection;
    request->method = strdup(method);
    request->socket = socket_of(connection);
    request->number = number_of(server, connection);
    return MHD_YES;
  }
  if (*length) {
    if (grow(request, *length)) return MHD_NO;
    memcpy(request->body + request->length, data, *length);
    request->length += *length;
    *length = 0;
    return MHD_YES;
  }
  server->handler(server->context, request);
  return request->answered ? MHD_YES : MHD_NO;
}

static void request_completed(void *context, struct MHD_Connection *connection, void **state,
                              enum MHD_RequestTerminationCode code) {
  (void)context;
  (void)connection;
  (void)code;
  struct qa_mhd_request *request = *state;
  *state = NULL;
  if (!request) return;
  free(request->method);
  free(request->target);
  free(request->body);
  free(request);
}

static int listen_tcp(struct qa_mhd_server *server, uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64) ||
      getsockname(fd, (struct sockaddr *)&address, &length)) {
    close(fd);
    return -1;
  }
  server->port = ntohs(address.sin_port);
  return fd;
}

static int listen_unix(struct qa_mhd_server *server, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64)) {
    close(fd);
    return -1;
  }
  strcpy(server->path, path);
  return fd;
}

struct qa_mhd_server *qa_mhd_start(uint16_t port, const char *path, const char *certificate,
                                   const char *key, size_t body_limit, qa_mhd_handler handler,
                                   void *context) {
  struct qa_mhd_server *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  server->handler = handler;
  server->context = context;
  server->body_limit = body_limit;
  server->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  // libmicrohttpd keeps the addresses and copies nothing.
  if (certificate) server->certificate = strdup(certificate);
  if (key) server->key = strdup(key);
  int fd = path ? listen_unix(server, path) : listen_tcp(server, port);
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
      {MHD_OPTION_END, 0, NULL},
  };
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
  if (server->certificate) flags |= MHD_USE_TLS;
  if (fd >= 0)
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_ARRAY, server->certificate ? tls : tls + 2, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server,
        MHD_OPTION_URI_LOG_CALLBACK, note_target, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(256 << 10), MHD_OPTION_CONNECTION_TIMEOUT, 120u, MHD_OPTION_END);
  if (server->daemon) return server;
  int saved = errno;
  if (fd >= 0) close(fd);
  if (server->path[0]) unlink(server->path);
  close(server->stop);
  free(server->certificate);
  free(server->key);
  free(server);
  errno = saved;
  return NULL;
}

uint16_t qa_mhd_port(struct qa_mhd_server *server) { return server->port; }

void qa_mhd_stop(struct qa_mhd_server *server) {
  uint64_t one = 1;
  (void)!write(server->stop, &one, sizeof one);
  MHD_stop_daemon(server->daemon);
  if (server->path[0]) unlink(server->path);
  close(server->stop);
  free(server->certificate);
  free(server->key);
  free(server);
}

const char *qa_mhd_method(struct qa_mhd_request *request) { return request->method; }

const char *qa_mhd_target(struct qa_mhd_request *request) { return request->target; }

const uint8_t *qa_mhd_body(struct qa_mhd_request *request, size_t *length) {
  *length = request->length;
  return request->body;
}

uint64_t qa_mhd_connection(struct qa_mhd_request *request) { return request->number; }

struct each_header {
  qa_mhd_header_function each;
  void *context;
};

static enum MHD_Result each_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value) {
  (void)kind;
  struct each_header *call = context;
  call->each(call->context, name, value ? value : "");
  return MHD_YES;
}

void qa_mhd_headers(struct qa_mhd_request *request, qa_mhd_header_function each, void *context) {
  struct each_header call = {each, context};
  MHD_get_connection_values(request->connection, MHD_HEADER_KIND, each_header, &call);
}

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int qa_mhd_wait(struct qa_mhd_request *request, int milliseconds) {
  int64_t end = milliseconds < 0 ? INT64_MAX : now_ms() + milliseconds;
  struct pollfd watched[] = {
      {.fd = request->socket, .events = POLLRDHUP},
      {.fd = request->server->stop, .events = POLLIN},
  };
  for (;;) {
    int64_t left = end == INT64_MAX ? -1 : end - now_ms();
    if (end != INT64_MAX && left <= 0) return QA_MHD_TIME;
    int ready = poll(watched, 2, left > INT_MAX ? INT_MAX : (int)left);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return QA_MHD_TIME;
    if (watched[1].revents) return QA_MHD_STOPPED;
    if (watched[0].revents) return QA_MHD_CLIENT_LEFT;
  }
}

static void queue(struct qa_mhd_request *request, int status, const char *const *headers,
                  struct MHD_Response *response) {
  if (!response) return;
  for (; headers[0] && headers[1]; headers += 2)
    MHD_add_response_header(response, headers[0], headers[1]);
  if (MHD_queue_response(request->connection, (unsigned)status, response) == MHD_YES)
    request->answered = 1;
  MHD_destroy_response(response);
}

void qa_mhd_reply(struct qa_mhd_request *request, int status, const char *const *headers,
                  const uint8_t *body, size_t length) {
  queue(request, status, headers,
        MHD_create_response_from_buffer(length, (void *)(uintptr_t)(body ? body : (uint8_t *)""),
                                        MHD_RESPMEM_MUST_COPY));
}

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t capacity) {
  (void)position;
  struct stream *stream = context;
  ptrdiff_t count = stream->reader(stream->context, stream->request, (uint8_t *)buffer, capacity);
  if (count > 0) return count;
  return count == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_stream(void *context) {
  struct stream *stream = context;
  stream->finished(stream->context);
  free(stream);
}

void qa_mhd_reply_chunked(struct qa_mhd_request *request, int status, const char *const *headers,
                          qa_mhd_reader reader, void (*finished)(void *), void *context) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (!stream) return finished(context);
  *stream = (struct stream){request, reader, finished, context};
  struct MHD_Response *response =
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64 << 10, read_stream, stream,
                                        free_stream);
  if (!response) return free_stream(stream);
  queue(request, status, headers, response);
}

int qa_mhd_write_raw(struct qa_mhd_request *request, const uint8_t *bytes, size_t length) {
  while (length) {
    ssize_t count = send(request->socket, bytes, length, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      struct pollfd writable = {.fd = request->socket, .events = POLLOUT};
      if (poll(&writable, 1, 10000) <= 0) return -1;
      continue;
    }
    if (count < 0) return -1;
    bytes += count;
    length -= (size_t)count;
  }
  return 0;
}

void qa_mhd_reset(struct qa_mhd_request *request) {
  // Dissolving the association makes the kernel send a reset; libmicrohttpd closes the rest.
  struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
  connect(request->socket, &nowhere, sizeof nowhere);
}

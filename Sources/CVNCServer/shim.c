#include "CVNCServer.h"

#include <errno.h>
#include <pthread.h>
#include <rfb/rfb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  CLIENT_LIMIT = 16,
  TEXT_LIMIT = 64 * 1024,
  WAIT_LIMIT = 5000,
};

struct event {
  struct event *next;
  struct qa_vncserver_event event;
  uint8_t text[];
};

struct qa_vncserver {
  rfbScreenInfoPtr screen;
  int epoll, timer, listening;
  struct event *first, **last;
  struct event *taken;
};

// MARK: - What the library calls

static void be_silent(const char *format, ...) { (void)format; }

static void silence(void) {
  rfbLog = be_silent;
  rfbErr = be_silent;
}

static void push(qa_vncserver *server, struct qa_vncserver_event event, const char *text,
                 size_t length) {
  struct event *entry = calloc(1, sizeof *entry + length);
  if (!entry) return;
  entry->event = event;
  if (length) memcpy(entry->text, text, length);
  entry->event.text = entry->text;
  entry->event.text_length = length;
  *server->last = entry;
  server->last = &entry->next;
}

static void on_key(rfbBool down, rfbKeySym keysym, rfbClientPtr client) {
  struct qa_vncserver_event event = {
      .kind = QA_VNCSERVER_KEY, .keysym = (uint32_t)keysym, .is_down = down != 0};
  push(client->screen->screenData, event, NULL, 0);
}

static void on_pointer(int buttons, int x, int y, rfbClientPtr client) {
  struct qa_vncserver_event event = {
      .kind = QA_VNCSERVER_POINTER, .x = x, .y = y, .buttons = buttons};
  push(client->screen->screenData, event, NULL, 0);
}

static void on_text(char *text, int length, rfbClientPtr client) {
  struct qa_vncserver_event event = {.kind = QA_VNCSERVER_TEXT};
  size_t kept = length < 0 ? 0 : length > TEXT_LIMIT ? TEXT_LIMIT : (size_t)length;
  push(client->screen->screenData, event, text, kept);
}

static void on_left(rfbClientPtr client) {
  struct qa_vncserver_event event = {.kind = QA_VNCSERVER_LEFT};
  push(client->screen->screenData, event, NULL, 0);
}

static enum rfbNewClientAction on_arrived(rfbClientPtr client) {
  client->clientGoneHook = on_left;
  return RFB_CLIENT_ACCEPT;
}

// MARK: - The screen

/// What X servers and QEMU speak natively, so that no client needs a translation.
static void set_format(rfbScreenInfoPtr screen) {
  screen->serverFormat.redShift = 16;
  screen->serverFormat.greenShift = 8;
  screen->serverFormat.blueShift = 0;
}

static int watch(qa_vncserver *server, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) ? errno : 0;
}

qa_vncserver *qa_vncserver_create(int width, int height, const char *name) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, silence);
  qa_vncserver *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  server->last = &server->first;
  server->listening = -1;
  server->epoll = epoll_create1(EPOLL_CLOEXEC);
  server->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  server->screen = rfbGetScreen(NULL, NULL, width, height, 8, 3, 4);
  char *pixels = calloc((size_t)width * (size_t)height, 4);
  if (server->screen) server->screen->frameBuffer = pixels;
  if (!server->screen || !pixels || server->epoll < 0 || server->timer < 0 ||
      watch(server, server->timer)) {
    if (!server->screen) free(pixels);
    qa_vncserver_destroy(server);
    return NULL;
  }
  rfbScreenInfoPtr screen = server->screen;
  set_format(screen);
  screen->screenData = server;
  screen->desktopName = strdup(name);
  screen->alwaysShared = TRUE;
  // No sockets of the library's own, and no signal handling of the whole process.
  screen->port = 0;
  screen->ipv6port = 0;
  screen->ignoreSIGPIPE = FALSE;
  screen->maxClientWait = WAIT_LIMIT;
  // Answer at once: nobody draws here often enough to be slowed down.
  screen->deferUpdateTime = 0;
  screen->deferPtrUpdateTime = 0;
  // The pointer is not part of the picture.
  screen->cursor = NULL;
  screen->kbdAddEvent = on_key;
  screen->ptrAddEvent = on_pointer;
  screen->setXCutText = on_text;
  screen->newClientHook = on_arrived;
  rfbInitServer(screen);
  return server;
}

uint32_t *qa_vncserver_pixels(qa_vncserver *server) {
  return (uint32_t *)(void *)server->screen->frameBuffer;
}

void qa_vncserver_changed(qa_vncserver *server, int x, int y, int width, int height) {
  rfbMarkRectAsModified(server->screen, x, y, x + width, y + height);
}

int qa_vncserver_resize(qa_vncserver *server, int width, int height) {
  rfbScreenInfoPtr screen = server->screen;
  char *former = screen->frameBuffer;
  char *pixels = calloc((size_t)width * (size_t)height, 4);
  if (!pixels) return ENOMEM;
  rfbNewFramebuffer(screen, pixels, width, height, 8, 3, 4);
  free(former);
  // The library has put back its own order of colours, also into what it translates with.
  set_format(screen);
  rfbClientIteratorPtr clients = rfbGetClientIterator(screen);
  for (rfbClientPtr client; (client = rfbClientIteratorNext(clients));)
    screen->setTranslateFunction(client);
  rfbReleaseClientIterator(clients);
  return 0;
}

// MARK: - Clients

int qa_vncserver_listen(qa_vncserver *server, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  // The mode goes over to the file, so that nobody else can connect in between.
  fchmod(fd, 0600);
  int failure = 0;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, CLIENT_LIMIT))
    failure = errno;
  if (!failure) failure = watch(server, fd);
  if (failure) {
    close(fd);
  } else {
    server->listening = fd;
  }
  return failure;
}

int qa_vncserver_descriptor(qa_vncserver *server) { return server->epoll; }

int qa_vncserver_clients(qa_vncserver *server) {
  int count = 0;
  rfbClientIteratorPtr clients = rfbGetClientIterator(server->screen);
  while (rfbClientIteratorNext(clients)) count++;
  rfbReleaseClientIterator(clients);
  return count;
}

static void accept_clients(qa_vncserver *server) {
  int fd;
  while ((fd = accept4(server->listening, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
    // The library selects on its descriptors, and writes past the set with larger numbers.
    if (fd >= FD_SETSIZE || qa_vncserver_clients(server) >= CLIENT_LIMIT || watch(server, fd))
      close(fd);
    else
      rfbNewClientConnection(server->screen, fd);
  }
}

static rfbClientPtr client_with(qa_vncserver *server, int fd) {
  rfbClientIteratorPtr clients = rfbGetClientIterator(server->screen);
  rfbClientPtr client;
  while ((client = rfbClientIteratorNext(clients)) && client->sock != fd) continue;
  rfbReleaseClientIterator(clients);
  return client;
}

/// The library's list of security types belongs to the whole process and has no lock.
static pthread_mutex_t handshakes = PTHREAD_MUTEX_INITIALIZER;

static void process(rfbClientPtr client) {
  int is_handshake = client->state != RFB_NORMAL;
  if (is_handshake) pthread_mutex_lock(&handshakes);
  rfbProcessClientMessage(client);
  if (is_handshake) pthread_mutex_unlock(&handshakes);
}

static void take_time(qa_vncserver *server) {
  uint64_t count;
  struct qa_vncserver_event event = {.kind = QA_VNCSERVER_TIME};
  if (read(server->timer, &count, sizeof count) == sizeof count) push(server, event, NULL, 0);
}

void qa_vncserver_serve(qa_vncserver *server) {
  struct epoll_event ready[CLIENT_LIMIT + 2];
  int count = epoll_wait(server->epoll, ready, CLIENT_LIMIT + 2, 0);
  for (int index = 0; index < count; index++) {
    int fd = ready[index].data.fd;
    if (fd == server->timer) {
      take_time(server);
    } else if (fd == server->listening) {
      accept_clients(server);
    } else {
      rfbClientPtr client = client_with(server, fd);
      if (client) process(client);
    }
  }
}

int qa_vncserver_next(qa_vncserver *server, struct qa_vncserver_event *event) {
  free(server->taken);
  struct event *entry = server->taken = server->first;
  if (!entry) return 0;
  server->first = entry->next;
  if (!server->first) server->last = &server->first;
  *event = entry->event;
  return 1;
}

void qa_vncserver_set_time(qa_vncserver *server, int64_t milliseconds) {
  // All zeros would mean never.
  int64_t nanoseconds = milliseconds < 0 ? 0 : milliseconds * 1000000 + 1;
  struct itimerspec time = {.it_value = {.tv_sec = nanoseconds / 1000000000,
                                         .tv_nsec = nanoseconds % 1000000000}};
  timerfd_settime(server->timer, 0, &time, NULL);
}

/// Frees the clients whose connection has ended.
static void forget_gone(qa_vncserver *server) {
  // The list itself, because an iterator passes over closed clients, and holds on to the others.
  for (rfbClientPtr client = server->screen->clientHead, next; client; client = next) {
    next = client->next;
    if (client->sock < 0) rfbClientConnectionGone(client);
  }
}

void qa_vncserver_flush(qa_vncserver *server) {
  rfbClientIteratorPtr clients = rfbGetClientIterator(server->screen);
  for (rfbClientPtr client; (client = rfbClientIteratorNext(clients));) rfbUpdateClient(client);
  rfbReleaseClientIterator(clients);
  forget_gone(server);
}

void qa_vncserver_offer_text(qa_vncserver *server, const uint8_t *text, size_t length) {
  char copy[4096];
  size_t kept = length > sizeof copy ? sizeof copy : length;
  memcpy(copy, text, kept);
  rfbSendServerCutText(server->screen, copy, (int)kept);
}

void qa_vncserver_drop(qa_vncserver *server) {
  rfbClientIteratorPtr clients = rfbGetClientIterator(server->screen);
  for (rfbClientPtr client; (client = rfbClientIteratorNext(clients));) rfbCloseClient(client);
  rfbReleaseClientIterator(clients);
  forget_gone(server);
}

void qa_vncserver_destroy(qa_vncserver *server) {
  if (server->listening >= 0) close(server->listening);
  if (server->screen) {
    if (server->screen->screenData) qa_vncserver_drop(server);
    free(server->screen->frameBuffer);
    server->screen->frameBuffer = NULL;
    if (server->screen->screenData) free((char *)server->screen->desktopName);
    rfbScreenCleanup(server->screen);
  }
  struct qa_vncserver_event event;
  while (qa_vncserver_next(server, &event)) continue;
  if (server->epoll >= 0) close(server->epoll);
  if (server->timer >= 0) close(server->timer);
  free(server);
}

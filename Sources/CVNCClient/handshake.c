#include "CVNCClient.h"

#include <pthread.h>
#include <rfb/rfbclient.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library's log is one for the process and does not say which connection speaks. A handshake
// stays on one thread, so the lines of a thread are the lines of its connection.
static __thread struct {
  char *text;
  size_t capacity, count;
} capture;

static void keep_line(const char *format, ...) {
  if (!capture.text || capture.count + 1 >= capture.capacity) return;
  va_list arguments;
  va_start(arguments, format);
  size_t room = capture.capacity - capture.count;
  int wanted = vsnprintf(capture.text + capture.count, room, format, arguments);
  va_end(arguments);
  if (wanted < 0) return;
  capture.count += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void install_log(void) {
  rfbClientLog = keep_line;
  rfbClientErr = keep_line;
}

_Static_assert(RFB_BUF_SIZE == QA_VNCCLIENT_LEFTOVER, "the library's buffer has another size");

struct offer {
  const char *password;
  bool wanted;
};

static const char tag;

static char *get_password(rfbClient *client) {
  struct offer *offer = rfbClientGetClientData(client, (void *)&tag);
  if (!offer) return NULL;
  offer->wanted = true;
  return offer->password ? strdup(offer->password) : NULL;
}

static void copy_session(const rfbClient *client, struct qa_vncclient_session *session,
                         uint8_t *leftover) {
  session->width = client->si.framebufferWidth;
  session->height = client->si.framebufferHeight;
  if (client->desktopName) {
    strncpy(session->name, client->desktopName, sizeof session->name - 1);
  }
  session->leftover_count = client->buffered;
  memcpy(leftover, client->bufoutptr, client->buffered);
}

bool qa_vncclient_handshake(int socket, const char *password, struct qa_vncclient_session *session,
                            uint8_t *leftover, char *log, size_t log_capacity) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install_log);
  memset(session, 0, sizeof *session);
  if (log_capacity) log[0] = 0;

  rfbClient *client = rfbGetClient(8, 3, 4);
  if (!client) return false;
  struct offer offer = {password, false};
  rfbClientSetClientData(client, (void *)&tag, &offer);
  client->sock = socket;
  client->GetPassword = get_password;
  client->appData.shareDesktop = TRUE;
  uint32_t scheme = password ? rfbVncAuth : rfbNoAuth;
  SetClientAuthSchemes(client, &scheme, 1);

  capture.text = log;
  capture.capacity = log_capacity;
  capture.count = 0;
  // Not rfbInitClient: it would connect by itself, free the client when it fails, and announce
  // encodings that we do not want to see.
  bool done = InitialiseRFBConnection(client);
  capture.text = NULL;

  session->security = client->authScheme;
  session->password_wanted = offer.wanted;
  // A server of version 3.3 chooses the security type itself; ours must be in the clear.
  if (client->tlsSession) done = false;
  if (done) copy_session(client, session, leftover);
  client->sock = RFB_INVALID_SOCKET;
  rfbClientCleanup(client);
  return done;
}

void qa_vncclient_answer(uint8_t *challenge, const char *password) {
  char key[9] = {0};
  strncpy(key, password, 8);
  // Of the two libraries only the server's declares its cipher.
  rfbEncryptBytes(challenge, key);
}

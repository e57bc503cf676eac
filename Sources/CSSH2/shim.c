#include "CSSH2.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// What may wait for the socket. Channels are fed only while little waits; the rest is the library's
// own answers.
#define QUEUE_LIMIT ((size_t)4 << 20)
#define CHANNELS 256

struct qa_ssh2 {
  LIBSSH2_SESSION *session;
  int socket;
  size_t memory_limit, memory_used;
  size_t budget;
  bool is_starved, is_over;
  uint64_t received;
  uint8_t *queue;
  size_t queue_start, queue_count, queue_capacity;
  const char *password;
  bool has_answered;
  qa_ssh2_signer *signer;
  void *signer_context;
  uint32_t last_channel;
  bool has_status[CHANNELS];
};

// The allocator

// Before each piece of memory stands its size, and the alignment of malloc is kept.
#define HEADER 16

static void *take(qa_ssh2 *ssh, size_t count) {
  if (count > ssh->memory_limit - ssh->memory_used) return NULL;
  uint8_t *block = malloc(count + HEADER);
  if (!block) return NULL;
  memcpy(block, &count, sizeof count);
  ssh->memory_used += count;
  return block + HEADER;
}

static size_t size_of(const void *memory) {
  size_t count;
  memcpy(&count, (const uint8_t *)memory - HEADER, sizeof count);
  return count;
}

static uint32_t number(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// libssh2 keeps to itself whether a status has come. But it frees each message when it has
// understood it: SSH_MSG_CHANNEL_REQUEST (98) with its channel and name (RFC 4254, 6.10), and our
// own SSH_MSG_CHANNEL_OPEN (90), whose number for the channel stands behind the type (5.1).
static void notice(qa_ssh2 *ssh, const uint8_t *message, size_t count) {
  static const char status[] = "\0\0\0\x0b" "exit-status";
  if (count >= 25 && message[0] == 98 && !memcmp(message + 5, status, sizeof status - 1)) {
    uint32_t channel = number(message + 1);
    if (channel < CHANNELS) ssh->has_status[channel] = true;
  } else if (count >= 17 && message[0] == 90) {
    size_t type = number(message + 1);
    if (type > count - 9) return;
    ssh->last_channel = number(message + 5 + type);
    if (ssh->last_channel < CHANNELS) ssh->has_status[ssh->last_channel] = false;
  }
}

static void give_back(qa_ssh2 *ssh, void *memory) {
  size_t count = size_of(memory);
  notice(ssh, memory, count);
  ssh->memory_used -= count;
  // Passwords and keys are small.
  if (count <= 4096) explicit_bzero(memory, count);
  free((uint8_t *)memory - HEADER);
}

static void *allocate(size_t count, void **abstract) { return take(*abstract, count); }

static void release(void *memory, void **abstract) {
  if (memory) give_back(*abstract, memory);
}

static void *resize(void *memory, size_t count, void **abstract) {
  qa_ssh2 *ssh = *abstract;
  void *fresh = take(ssh, count);
  if (!fresh || !memory) return fresh;
  size_t old = size_of(memory);
  memcpy(fresh, memory, old < count ? old : count);
  give_back(ssh, memory);
  return fresh;
}

// The socket

static ssize_t receive(libssh2_socket_t socket, void *buffer, size_t length, int flags,
                       void **abstract) {
  qa_ssh2 *ssh = *abstract;
  if (ssh->is_over) return 0;
  if (!ssh->budget) {
    ssh->is_starved = true;
    return -EAGAIN;
  }
  if (length > ssh->budget) length = ssh->budget;
  ssize_t count;
  do count = recv(socket, buffer, length, flags | MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  if (count < 0) return -errno;
  // A server whose only channels are tunnels leaves Nagle's algorithm on: it holds a small packet back
  // until the one before it is acknowledged, for which the kernel would take 40 ms. Lasts for one read.
  int quickly = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &quickly, sizeof quickly);
  ssh->budget -= (size_t)count;
  ssh->received += (uint64_t)count;
  return count;
}

static int enqueue(qa_ssh2 *ssh, const uint8_t *bytes, size_t count) {
  if (count > QUEUE_LIMIT - ssh->queue_count) return ENOBUFS;
  if (ssh->queue_start + ssh->queue_count + count > ssh->queue_capacity) {
    memmove(ssh->queue, ssh->queue + ssh->queue_start, ssh->queue_count);
    ssh->queue_start = 0;
    size_t capacity = ssh->queue_capacity ? ssh->queue_capacity : (size_t)1 << 16;
    while (capacity < ssh->queue_count + count) capacity *= 2;
    if (capacity != ssh->queue_capacity) {
      uint8_t *grown = realloc(ssh->queue, capacity);
      if (!grown) return ENOMEM;
      ssh->queue = grown;
      ssh->queue_capacity = capacity;
    }
  }
  memcpy(ssh->queue + ssh->queue_start + ssh->queue_count, bytes, count);
  ssh->queue_count += count;
  return 0;
}

int qa_ssh2_flush(qa_ssh2 *ssh) {
  while (ssh->queue_count) {
    ssize_t count = send(ssh->socket, ssh->queue + ssh->queue_start, ssh->queue_count,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : errno;
    ssh->queue_start += (size_t)count;
    ssh->queue_count -= (size_t)count;
  }
  ssh->queue_start = 0;
  return 0;
}

static ssize_t transmit(libssh2_socket_t socket, const void *buffer, size_t length, int flags,
                        void **abstract) {
  (void)socket;
  (void)flags;
  qa_ssh2 *ssh = *abstract;
  if (ssh->is_over) return -EPIPE;
  int failure = enqueue(ssh, buffer, length);
  if (!failure) failure = qa_ssh2_flush(ssh);
  return failure ? -failure : (ssize_t)length;
}

// The session

qa_ssh2 *qa_ssh2_new(int socket, size_t memory_limit) {
  qa_ssh2 *ssh = calloc(1, sizeof *ssh);
  if (!ssh) return NULL;
  ssh->socket = socket;
  ssh->memory_limit = memory_limit;
  ssh->session = libssh2_session_init_ex(allocate, release, resize, ssh);
  if (!ssh->session) {
    free(ssh);
    return NULL;
  }
  libssh2_session_set_blocking(ssh->session, 0);
  libssh2_session_callback_set(ssh->session, LIBSSH2_CALLBACK_RECV, (void *)receive);
  libssh2_session_callback_set(ssh->session, LIBSSH2_CALLBACK_SEND, (void *)transmit);
  return ssh;
}

void qa_ssh2_free(qa_ssh2 *ssh) {
  // Otherwise the library waits for answers to its farewells, and frees nothing.
  ssh->is_over = true;
  libssh2_session_free(ssh->session);
  free(ssh->queue);
  free(ssh);
}

LIBSSH2_SESSION *qa_ssh2_session(qa_ssh2 *ssh) { return ssh->session; }

void qa_ssh2_begin_turn(qa_ssh2 *ssh, size_t budget) {
  ssh->budget = budget;
  ssh->is_starved = false;
}

bool qa_ssh2_is_starved(const qa_ssh2 *ssh) { return ssh->is_starved; }
uint64_t qa_ssh2_received(const qa_ssh2 *ssh) { return ssh->received; }
size_t qa_ssh2_queued(const qa_ssh2 *ssh) { return ssh->queue_count; }
uint32_t qa_ssh2_last_channel(const qa_ssh2 *ssh) { return ssh->last_channel; }

bool qa_ssh2_has_exit_status(const qa_ssh2 *ssh, uint32_t channel) {
  return channel < CHANNELS && ssh->has_status[channel];
}

// Signing in

static void answer(const char *name, int name_length, const char *instruction,
                   int instruction_length, int count,
                   const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
                   LIBSSH2_USERAUTH_KBDINT_RESPONSE *responses, void **abstract) {
  (void)name, (void)name_length, (void)instruction, (void)instruction_length;
  qa_ssh2 *ssh = *abstract;
  if (count != 1 || prompts[0].echo || ssh->has_answered) return;
  size_t length = strlen(ssh->password);
  char *text = take(ssh, length);
  if (!text) return;
  memcpy(text, ssh->password, length);
  responses[0].text = text;
  responses[0].length = (unsigned int)length;
  ssh->has_answered = true;
}

int qa_ssh2_keyboard_interactive(qa_ssh2 *ssh, const char *user, const char *password) {
  ssh->password = password;
  int code = libssh2_userauth_keyboard_interactive_ex(ssh->session, user,
                                                      (unsigned int)strlen(user), answer);
  ssh->password = NULL;
  return code;
}

static int sign(LIBSSH2_SESSION *session, unsigned char **signature, size_t *signature_length,
                const unsigned char *bytes, size_t length, void **abstract) {
  (void)session;
  qa_ssh2 *ssh = *abstract;
  uint8_t *room = take(ssh, QA_SSH2_SIGNATURE);
  if (!room) return -1;
  size_t count = ssh->signer(ssh->signer_context, bytes, length, room);
  if (!count || count > QA_SSH2_SIGNATURE) {
    give_back(ssh, room);
    return -1;
  }
  *signature = room;
  *signature_length = count;
  return 0;
}

int qa_ssh2_sign_in(qa_ssh2 *ssh, const char *user, const uint8_t *key, size_t key_length,
                    qa_ssh2_signer *signer, void *context) {
  void *abstract = ssh;
  ssh->signer = signer;
  ssh->signer_context = context;
  int code = libssh2_userauth_publickey(ssh->session, user, key, key_length, sign, &abstract);
  ssh->signer = NULL;
  ssh->signer_context = NULL;
  return code;
}

// What libssh2 needs from its host: an allocator with a limit, and a socket that never makes it wait.
//
// All calls for one session belong on one thread.
#ifndef QA_CSSH2_H
#define QA_CSSH2_H

#include <libssh2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

typedef struct qa_ssh2 qa_ssh2;

/// Makes a session over a connected socket that belongs to the caller, or null without memory.
///
/// libssh2 hands out at most `memory_limit` bytes; beyond that its calls fail with
/// LIBSSH2_ERROR_ALLOC. It never waits: what it sends is queued here when the socket takes no more.
qa_ssh2 *_Nullable qa_ssh2_new(int socket, size_t memory_limit);

/// Frees it without a word to the server.
void qa_ssh2_free(qa_ssh2 *ssh);

/// The library's own session.
LIBSSH2_SESSION *qa_ssh2_session(qa_ssh2 *ssh);

/// Begins a turn in which at most `budget` bytes are read from the socket, so that a flood cannot
/// keep the library busy for ever.
void qa_ssh2_begin_turn(qa_ssh2 *ssh, size_t budget);

/// Whether the budget of this turn is used up, so that there may be more to read.
bool qa_ssh2_is_starved(const qa_ssh2 *ssh);

/// How many bytes were read from the socket in all.
uint64_t qa_ssh2_received(const qa_ssh2 *ssh);

/// How many bytes wait for the socket to take them.
size_t qa_ssh2_queued(const qa_ssh2 *ssh);

/// Hands queued bytes to the socket. 0, also when it takes no more for now, or an errno value.
int qa_ssh2_flush(qa_ssh2 *ssh);

/// Signs in with a password in a keyboard-interactive exchange: it is the answer to a single hidden
/// prompt, and to nothing else. Call again after LIBSSH2_ERROR_EAGAIN.
int qa_ssh2_keyboard_interactive(qa_ssh2 *ssh, const char *user, const char *password);

/// Signs `length` bytes for qa_ssh2_sign_in: how many bytes of signature it has written to
/// `signature`, which has room for QA_SSH2_SIGNATURE; 0 when there is none.
typedef size_t qa_ssh2_signer(void *context, const uint8_t *bytes, size_t length,
                              uint8_t *signature);

/// The most bytes of a signature.
#define QA_SSH2_SIGNATURE 4096

/// Signs in with a public key whose private half is elsewhere. Call again after
/// LIBSSH2_ERROR_EAGAIN.
int qa_ssh2_sign_in(qa_ssh2 *ssh, const char *user, const uint8_t *key, size_t key_length,
                    qa_ssh2_signer *signer, void *context);

/// The number of the channel whose opening was asked for last.
uint32_t qa_ssh2_last_channel(const qa_ssh2 *ssh);

/// Whether the server has sent an exit status for a channel since it was opened. libssh2 itself says
/// 0 when there was none.
bool qa_ssh2_has_exit_status(const qa_ssh2 *ssh, uint32_t channel);

_Pragma("clang assume_nonnull end")

#endif

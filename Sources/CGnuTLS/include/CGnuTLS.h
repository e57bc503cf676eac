// TLS for a client: one session over a socket that belongs to the caller, without waiting.
//
// All calls for one session belong on one thread.
#ifndef QA_CGNUTLS_H
#define QA_CGNUTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

typedef struct qa_gnutls qa_gnutls;

/// What a call came to, where it is not a count of bytes.
enum {
  /// It is done; of a read: the server has ended the session.
  QA_GNUTLS_DONE = 0,
  /// Call again when the socket can be read.
  QA_GNUTLS_WANTS_READ = -1,
  /// Call again when the socket can be written.
  QA_GNUTLS_WANTS_WRITE = -2,
  /// It failed; qa_gnutls_problem says why.
  QA_GNUTLS_FAILED = -3,
};

/// The length of a fingerprint.
#define QA_GNUTLS_FINGERPRINT 32

/// Makes a session, or null with the reason in `problem`, which is always ended by a zero.
///
/// An anonymous session proves nothing about the server and offers no certificates at all, up to
/// TLS 1.2. The other kind wants a certificate, but does not check it: qa_gnutls_verify and
/// qa_gnutls_fingerprint are for that, after the handshake. `ca_file` is a file of certificates in PEM
/// form; without one the system's are trusted. `server_name` is a host name and never an address.
qa_gnutls *_Nullable qa_gnutls_open(int socket, bool anonymous, const char *_Nullable ca_file,
                                    const char *_Nullable server_name, char *problem,
                                    size_t capacity);

/// Goes on with the handshake.
int qa_gnutls_handshake(qa_gnutls *session);

/// Whether the server's certificate leads to a trusted one, is valid now and names `host`, which may
/// be an address. Otherwise `problem` says what is wrong, as sentences of the library.
bool qa_gnutls_verify(qa_gnutls *session, const char *host, char *problem, size_t capacity);

/// The SHA-256 of the server's certificate in DER form, or false when there is none.
bool qa_gnutls_fingerprint(qa_gnutls *session, uint8_t *fingerprint);

/// Reads what is there: a count above 0, or one of the results above.
long qa_gnutls_read(qa_gnutls *session, void *buffer, size_t count);

/// Writes some: a count above 0, or one of the results above. After QA_GNUTLS_WANTS_… the call must be
/// repeated with the same bytes.
long qa_gnutls_write(qa_gnutls *session, const void *buffer, size_t count);

/// How many bytes wait in the session, where poll cannot see them.
size_t qa_gnutls_pending(qa_gnutls *session);

/// Why the last call failed.
const char *qa_gnutls_problem(qa_gnutls *session);

/// The version and the cipher in use, ended by a zero.
void qa_gnutls_describe(qa_gnutls *session, char *text, size_t capacity);

/// Frees the session; the socket stays open.
void qa_gnutls_close(qa_gnutls *session);

_Pragma("clang assume_nonnull end")
#endif

#include "CGnuTLS.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct qa_gnutls {
  gnutls_session_t session;
  gnutls_certificate_credentials_t certificates;
  gnutls_anon_client_credentials_t anonymous;
  int socket;
  int problem;
};

// TLS 1.3 knows no anonymous servers.
static const char anonymous_only[] = "NORMAL:-KX-ALL:+ANON-ECDH:+ANON-DH:-VERS-ALL:+VERS-TLS1.2";

static ssize_t pull(gnutls_transport_ptr_t pointer, void *buffer, size_t count) {
  struct qa_gnutls *session = pointer;
  ssize_t result = recv(session->socket, buffer, count, MSG_DONTWAIT);
  if (result < 0) gnutls_transport_set_errno(session->session, errno);
  return result;
}

static ssize_t push(gnutls_transport_ptr_t pointer, const giovec_t *pieces, int count) {
  struct qa_gnutls *session = pointer;
  struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
  ssize_t result = sendmsg(session->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (result < 0) gnutls_transport_set_errno(session->session, errno);
  return result;
}

static void say(char *problem, size_t capacity, const char *text) {
  if (capacity) snprintf(problem, capacity, "%s", text);
}

// What to trust; the number of an error, or 0.
static int load(struct qa_gnutls *session, const char *ca_file, char *problem, size_t capacity) {
  int result = gnutls_certificate_allocate_credentials(&session->certificates);
  if (result < 0) return result;
  result = ca_file ? gnutls_certificate_set_x509_trust_file(session->certificates, ca_file,
                                                            GNUTLS_X509_FMT_PEM)
                   : gnutls_certificate_set_x509_system_trust(session->certificates);
  if (ca_file && result == 0) {
    say(problem, capacity, "it holds no certificate in PEM form");
    return GNUTLS_E_NO_CERTIFICATE_FOUND;
  }
  // A system without certificates trusts nobody, which the verification will say.
  return ca_file ? result : 0;
}

static int prepare(struct qa_gnutls *session, bool anonymous, const char *ca_file,
                   const char *server_name, char *problem, size_t capacity) {
  int result = gnutls_init(&session->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
  if (result < 0) return result;
  const char *priority = anonymous ? anonymous_only : "NORMAL";
  result = gnutls_priority_set_direct(session->session, priority, NULL);
  if (result < 0) return result;
  if (anonymous) {
    result = gnutls_anon_allocate_client_credentials(&session->anonymous);
    if (result >= 0) {
      result = gnutls_credentials_set(session->session, GNUTLS_CRD_ANON, session->anonymous);
    }
  } else {
    result = load(session, ca_file, problem, capacity);
    if (result >= 0) {
      result =
          gnutls_credentials_set(session->session, GNUTLS_CRD_CERTIFICATE, session->certificates);
    }
    if (result >= 0 && server_name) {
      result = gnutls_server_name_set(session->session, GNUTLS_NAME_DNS, server_name,
                                      strlen(server_name));
    }
  }
  gnutls_transport_set_ptr(session->session, session);
  gnutls_transport_set_pull_function(session->session, pull);
  gnutls_transport_set_vec_push_function(session->session, push);
  return result;
}

qa_gnutls *qa_gnutls_open(int socket, bool anonymous, const char *ca_file, const char *server_name,
                          char *problem, size_t capacity) {
  say(problem, capacity, "");
  struct qa_gnutls *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->socket = socket;
  int result = prepare(session, anonymous, ca_file, server_name, problem, capacity);
  if (result >= 0) return session;
  if (capacity && !problem[0]) say(problem, capacity, gnutls_strerror(result));
  qa_gnutls_close(session);
  return NULL;
}

static int outcome(struct qa_gnutls *session, ssize_t result) {
  if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED) {
    return gnutls_record_get_direction(session->session) ? QA_GNUTLS_WANTS_WRITE
                                                         : QA_GNUTLS_WANTS_READ;
  }
  session->problem = (int)result;
  return QA_GNUTLS_FAILED;
}

int qa_gnutls_handshake(qa_gnutls *session) {
  // Warnings do not end a handshake, but there are not many in an honest one.
  int result = GNUTLS_E_AGAIN;
  for (int warnings = 0; warnings < 16; warnings++) {
    result = gnutls_handshake(session->session);
    if (result >= 0) return QA_GNUTLS_DONE;
    if (result == GNUTLS_E_AGAIN || gnutls_error_is_fatal(result)) break;
  }
  return outcome(session, result);
}

bool qa_gnutls_verify(qa_gnutls *session, const char *host, char *problem, size_t capacity) {
  say(problem, capacity, "");
  unsigned status = 0;
  int result = gnutls_certificate_verify_peers3(session->session, host, &status);
  if (result < 0) {
    say(problem, capacity, gnutls_strerror(result));
    return false;
  }
  if (status == 0) return true;
  gnutls_datum_t text = {NULL, 0};
  if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) == 0) {
    say(problem, capacity, (const char *)text.data);
  }
  gnutls_free(text.data);
  return false;
}

bool qa_gnutls_fingerprint(qa_gnutls *session, uint8_t *fingerprint) {
  unsigned count = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers(session->session, &count);
  if (!chain || count == 0) return false;
  size_t size = QA_GNUTLS_FINGERPRINT;
  return gnutls_fingerprint(GNUTLS_DIG_SHA256, &chain[0], fingerprint, &size) == 0 &&
         size == QA_GNUTLS_FINGERPRINT;
}

long qa_gnutls_read(qa_gnutls *session, void *buffer, size_t count) {
  ssize_t result = gnutls_record_recv(session->session, buffer, count);
  if (result >= 0) return result;
  // Renegotiation is not for us; to go on without it is allowed.
  if (result == GNUTLS_E_REHANDSHAKE) return QA_GNUTLS_WANTS_READ;
  return outcome(session, result);
}

long qa_gnutls_write(qa_gnutls *session, const void *buffer, size_t count) {
  ssize_t result = gnutls_record_send(session->session, buffer, count);
  return result >= 0 ? result : outcome(session, result);
}

size_t qa_gnutls_pending(qa_gnutls *session) {
  return gnutls_record_check_pending(session->session);
}

const char *qa_gnutls_problem(qa_gnutls *session) {
  if (session->problem == GNUTLS_E_FATAL_ALERT_RECEIVED) {
    const char *alert = gnutls_alert_get_name(gnutls_alert_get(session->session));
    if (alert) return alert;
  }
  return gnutls_strerror(session->problem);
}

void qa_gnutls_describe(qa_gnutls *session, char *text, size_t capacity) {
  char *words = gnutls_session_get_desc(session->session);
  say(text, capacity, words ? words : "TLS");
  gnutls_free(words);
}

void qa_gnutls_close(qa_gnutls *session) {
  if (session->session) gnutls_deinit(session->session);
  if (session->certificates) gnutls_certificate_free_credentials(session->certificates);
  if (session->anonymous) gnutls_anon_free_client_credentials(session->anonymous);
  free(session);
}

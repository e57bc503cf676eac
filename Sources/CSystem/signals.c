#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "CSystem.h"

enum { LIMIT = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int writing = -1;
static struct {
  int signal;
  struct sigaction former;
} watched[LIMIT];
static int watched_count;

void qa_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

static void forward(int signal) {
  int saved = errno;
  int fd = atomic_load(&writing);
  unsigned char byte = (unsigned char)signal;
  // A full pipe holds more signals than anybody will look at.
  if (fd >= 0) (void)!write(fd, &byte, 1);
  errno = saved;
}

int qa_signals_watch(const int *signals, int count) {
  if (count > LIMIT) return -EINVAL;
  pthread_mutex_lock(&lock);
  int ends[2] = {-EBUSY, -1};
  if (atomic_load(&writing) < 0 && pipe2(ends, O_CLOEXEC) < 0) ends[0] = -errno;
  if (ends[0] >= 0) {
    qa_set_nonblocking(ends[1]);
    atomic_store(&writing, ends[1]);
    struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    watched_count = 0;
    for (int index = 0; index < count; index++) {
      struct sigaction former;
      // Who starts us in the background with SIGINT ignored means it.
      if (sigaction(signals[index], NULL, &former) < 0 || former.sa_handler == SIG_IGN) continue;
      if (sigaction(signals[index], &action, NULL) < 0) continue;
      watched[watched_count].signal = signals[index];
      watched[watched_count++].former = former;
    }
  }
  pthread_mutex_unlock(&lock);
  return ends[0];
}

void qa_signals_unwatch(void) {
  pthread_mutex_lock(&lock);
  for (int index = 0; index < watched_count; index++)
    sigaction(watched[index].signal, &watched[index].former, NULL);
  watched_count = 0;
  int fd = atomic_exchange(&writing, -1);
  if (fd >= 0) close(fd);
  pthread_mutex_unlock(&lock);
}

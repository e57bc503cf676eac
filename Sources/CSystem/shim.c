#include "CSystem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int qa_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void qa_eventfd_signal(int fd) {
  uint64_t one = 1;
  int saved = errno;
  (void)!write(fd, &one, sizeof one);
  errno = saved;
}

void qa_eventfd_drain(int fd) {
  uint64_t count;
  (void)!read(fd, &count, sizeof count);
}

int qa_gettid(void) { return (int)syscall(SYS_gettid); }

struct start {
  char name[16];
  void (*body)(void *);
  void *context;
};

static void *thread_main(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  pthread_setname_np(pthread_self(), start.name);
  start.body(start.context);
  return NULL;
}

int qa_thread_start(const char *name, void (*body)(void *), void *context) {
  struct start *start = calloc(1, sizeof *start);
  if (!start) return ENOMEM;
  strncpy(start->name, name, sizeof start->name - 1);
  start->body = body;
  start->context = context;

  // The thread inherits the mask: no signal is ever delivered to a thread of ours.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int failure = pthread_create(&thread, &attributes, thread_main, start);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failure) free(start);
  return failure;
}

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "CSystem.h"

int qa_watch(void) { return epoll_create1(EPOLL_CLOEXEC); }

int qa_watch_set(int watch, int fd, int reads, int writes) {
  struct epoll_event event = {
      .events = (reads ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u),
      .data.fd = fd,
  };
  if (epoll_ctl(watch, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  if (errno != ENOENT) return errno;
  return epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event) ? errno : 0;
}

void qa_watch_remove(int watch, int fd) { epoll_ctl(watch, EPOLL_CTL_DEL, fd, NULL); }

int qa_watch_ready(int watch, struct qa_ready *ready, int count) {
  struct epoll_event events[64];
  int found = epoll_wait(watch, events, count < 64 ? count : 64, 0);
  for (int i = 0; i < found; i++) {
    ready[i].fd = events[i].data.fd;
    ready[i].is_hung_up = (events[i].events & (EPOLLHUP | EPOLLERR)) != 0;
  }
  return found < 0 ? 0 : found;
}

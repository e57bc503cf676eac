#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CSystem.h"

int qa_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) ? errno : 0; }

int qa_set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? errno : 0;
}

static int opened(int fd) { return fd < 0 ? -errno : fd; }

int qa_open_read(const char *path) { return opened(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)); }

int qa_open_write(const char *path, int append, mode_t mode) {
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW;
  return opened(open(path, flags | (append ? O_APPEND : O_TRUNC), mode));
}

int qa_open_new(const char *path, mode_t mode) {
  return opened(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
}

int qa_lock_directory(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return -errno;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  int failure = errno;
  close(fd);
  return -failure;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status;
  // A directory that its owner may not read hides its files: open it up and leave it to the retry.
  if (type == FTW_DNR) return chmod(path, 0700) ? errno : EAGAIN;
  if (remove(path) == 0) return 0;
  if (errno != EACCES) return errno;
  // A file in a directory that its owner may not change, such as a package cache.
  char parent[PATH_MAX];
  if (place->base < 1 || place->base >= PATH_MAX) return EACCES;
  memcpy(parent, path, (size_t)place->base);
  parent[place->base - 1] = 0;
  return chmod(parent, 0700) || remove(path) ? errno : 0;
}

int qa_remove_tree(const char *path) {
  int failure = EAGAIN;
  for (int attempt = 0; failure == EAGAIN && attempt < 64; attempt++) {
    failure = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    if (failure < 0) failure = errno;
  }
  return failure;
}

char *const *qa_environment(void) { return environ; }

// The keeper runs in a copy of a process that has threads: from the fork on it may call nothing but
// system calls. No malloc, no stdio, no locks.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "CSystem.h"

enum {
  // The keeper's own descriptors; everything else it got by the fork is closed.
  CONTROL = 3,
  INPUT = 4,
  OUTPUT = 5,
  ERROR = 6,
  FIRST_FOREIGN = 7,

  // Milliseconds between two rounds of SIGKILL, and for all rounds together.
  KILL_INTERVAL = 10,
  KILL_LIMIT = 10000,

  // A tree with more processes is asked in part, and killed in whole.
  TREE_LIMIT = 4096,
};

// MARK: - /proc without stdio

static char *append(char *end, const char *text) {
  while (*text) *end++ = *text++;
  *end = 0;
  return end;
}

static char *append_number(char *end, pid_t number) {
  char digits[16];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count) *end++ = digits[--count];
  *end = 0;
  return end;
}

/// Adds the process ids in a `children` file to `pids`; the new count.
static int read_children(const char *path, pid_t *pids, int count) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return count;
  char buffer[1024];
  pid_t pid = 0;
  ssize_t length;
  while ((length = read(fd, buffer, sizeof buffer)) > 0)
    for (ssize_t index = 0; index < length; index++) {
      if (buffer[index] >= '0' && buffer[index] <= '9') {
        pid = pid * 10 + (buffer[index] - '0');
      } else {
        if (pid && count < TREE_LIMIT) pids[count++] = pid;
        pid = 0;
      }
    }
  close(fd);
  return count;
}

struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

/// Adds the children of every thread of `parent` to `pids`; the new count.
static int add_children(pid_t parent, pid_t *pids, int count) {
  char path[64];
  char *task = append(append_number(append(path, "/proc/"), parent), "/task/");
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return count;
  _Alignas(struct entry) char buffer[2048];
  long length;
  while ((length = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0)
    for (long offset = 0; offset < length;) {
      struct entry *entry = (struct entry *)(buffer + offset);
      offset += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9' || strlen(entry->name) > 12) continue;
      append(append(task, entry->name), "/children");
      count = read_children(path, pids, count);
    }
  close(fd);
  return count;
}

/// The parent of `pid`, or 0.
static pid_t parent_of(pid_t pid) {
  char buffer[512];
  append(append_number(append(buffer, "/proc/"), pid), "/stat");
  int fd = open(buffer, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, buffer, sizeof buffer - 1);
  close(fd);
  if (length <= 0) return 0;
  buffer[length] = 0;
  // `pid (name) state parent …`, where the name may hold anything.
  char *end = strrchr(buffer, ')');
  if (!end || strlen(end) < 5) return 0;
  pid_t parent = 0;
  for (end += 4; *end >= '0' && *end <= '9'; end++) parent = parent * 10 + (*end - '0');
  return parent;
}

// MARK: - Signalling the tree

/// Signals a process that was seen as a child of `parent`, unless its number means another by now.
static void signal_checked(pid_t pid, pid_t parent, int signal) {
  int process = (int)syscall(SYS_pidfd_open, pid, 0);
  if (process < 0) return;
  pid_t now = parent_of(pid);
  if (now == parent || now == getpid()) {
    syscall(SYS_pidfd_send_signal, process, signal, NULL, 0);
    // A stopped process sees the signal only once it goes on.
    syscall(SYS_pidfd_send_signal, process, SIGCONT, NULL, 0);
  }
  close(process);
}

/// Asks every descendant to end, parents first, so that no shell starts its next command.
static void ask_tree(void) {
  static pid_t pids[TREE_LIMIT];
  static pid_t parents[TREE_LIMIT];
  pid_t self = getpid();
  int count = add_children(self, pids, 0);
  for (int index = 0; index < count; index++) parents[index] = self;
  for (int index = 0; index < count; index++) {
    signal_checked(pids[index], parents[index], SIGTERM);
    int grown = add_children(pids[index], pids, count);
    for (; count < grown; count++) parents[count] = pids[index];
  }
}

/// Kills our children. Theirs become ours, so that repeating it ends the whole tree, and a number
/// cannot mean another process, because nobody but us can reap them.
static void kill_children(void) {
  static pid_t pids[TREE_LIMIT];
  int count = add_children(getpid(), pids, 0);
  for (int index = 0; index < count; index++) kill(pids[index], SIGKILL);
}

// MARK: - Starting

static void report(int32_t kind, int32_t value, int32_t stage) {
  struct qa_report report = {kind, value, stage};
  (void)!send(CONTROL, &report, sizeof report, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void reset_signals(void) {
  // The call itself, because the library keeps two signals from us that may be ignored nevertheless;
  // nothing but zeros says "default" in every architecture's layout.
  static const char action[64];
  for (int signal = 1; signal < NSIG; signal++)
    syscall(SYS_rt_sigaction, signal, action, NULL, NSIG / 8);
}

static void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, UINT_MAX, 0) == 0) return;
  // Kernels before 5.9, and sandboxes that do not know the call.
  for (int fd = (int)first; fd < 65536; fd++) close(fd);
}

/// Brings the four descriptors to their places and closes all others; 0 or an errno value.
static int arrange_descriptors(const struct qa_command *command, int control) {
  int fds[] = {control, command->input, command->output, command->error};
  for (int index = 0; index < 4; index++) {
    fds[index] = fcntl(fds[index], F_DUPFD, FIRST_FOREIGN);
    if (fds[index] < 0) return errno;
  }
  for (int index = 0; index < 4; index++)
    if (dup2(fds[index], CONTROL + index) < 0) return errno;
  close_from(FIRST_FOREIGN);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return errno;
  for (int index = 0; index < 3; index++) dup2(null, index);
  close(null);
  return 0;
}

static _Noreturn void execute(const struct qa_command *command, pid_t keeper, int status) {
  // One thread starts it and outlives it, so here the death signal means what it says.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper) _exit(127);
  setsid();
  dup2(INPUT, 0);
  dup2(OUTPUT, 1);
  dup2(ERROR, 2);
  for (int fd = CONTROL; fd <= ERROR; fd++) close(fd);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int32_t failure[2] = {QA_STAGE_DIRECTORY, 0};
  if (!command->directory || chdir(command->directory) == 0) {
    failure[0] = QA_STAGE_EXECUTE;
    execve(command->path, command->argv, command->envp);
  }
  failure[1] = errno;
  (void)!write(status, failure, sizeof failure);
  _exit(127);
}

/// Starts the command and reports on it; its process id, or 0 when it does not run.
static pid_t start(const struct qa_command *command) {
  int status[2];
  if (pipe2(status, O_CLOEXEC) < 0) return report(QA_REPORT_FAILED, errno, QA_STAGE_KEEPER), 0;
  pid_t keeper = getpid();
  pid_t pid = _Fork();
  if (pid == 0) execute(command, keeper, status[1]);
  int failed = errno;
  close(status[1]);
  for (int fd = INPUT; fd <= ERROR; fd++) close(fd);
  if (pid < 0) return report(QA_REPORT_FAILED, failed, QA_STAGE_KEEPER), 0;

  // Close-on-exec: the end of this pipe is the proof that the command was executed.
  int32_t failure[2];
  ssize_t length;
  do length = read(status[0], failure, sizeof failure);
  while (length < 0 && errno == EINTR);
  close(status[0]);
  if (length == 0) return report(QA_REPORT_STARTED, pid, 0), pid;
  waitpid(pid, NULL, 0);
  return report(QA_REPORT_FAILED, failure[1], failure[0]), 0;
}

// MARK: - Keeping

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// What a command that ended well has left behind: programs that it handed over to.
static struct {
  pid_t pids[TREE_LIMIT];
  int count;
  /// Whether there may be any.
  int is_open;
  /// Whether one that ended badly was reported.
  int is_told;
} heirs;

static void report_end(int status, int32_t exited, int32_t signaled) {
  if (WIFEXITED(status))
    report(exited, WEXITSTATUS(status), 0);
  else
    report(signaled, WTERMSIG(status), 0);
}

/// Says of the first heir that ended badly how it did.
static void tell_heir(int status) {
  if (status == 0 || heirs.is_told) return;
  heirs.is_told = 1;
  report_end(status, QA_REPORT_HEIR_EXITED, QA_REPORT_HEIR_SIGNALED);
}

/// Takes an heir off the list; whether it was one.
static int remove_heir(pid_t pid) {
  for (int index = 0; index < heirs.count; index++)
    if (heirs.pids[index] == pid) {
      heirs.pids[index] = heirs.pids[--heirs.count];
      return 1;
    }
  return 0;
}

/// Takes what has ended; whether a child is left.
static int reap(pid_t command, int *exit_code) {
  int status;
  pid_t pid;
  // The end of one that came to us by the end of the command, and that was seen before that.
  int orphan = 0;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid == command) {
      report_end(status, QA_REPORT_EXITED, QA_REPORT_SIGNALED);
      *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      heirs.is_open = status == 0;
      if (heirs.is_open) tell_heir(orphan);
    } else if (heirs.is_open) {
      if (heirs.count == 0 || remove_heir(pid)) tell_heir(status);
    } else if (!orphan) {
      orphan = status;
    }
  }
  // Those that are left of a launcher are what it launched; when they end well, what they left is.
  if (pid == 0 && heirs.is_open && heirs.count == 0)
    heirs.count = add_children(getpid(), heirs.pids, 0);
  return pid == 0;
}

static _Noreturn void keep(pid_t command, uint32_t grace, int signals) {
  struct pollfd polled[] = {{CONTROL, POLLIN, 0}, {signals, POLLIN, 0}};
  int64_t kill_at = 0;
  int asked = 0, exit_code = 0;
  // Whatever we stood in may be unmounted or removed now.
  (void)!chdir("/");
  while (reap(command, &exit_code)) {
    int wait = -1;
    if (asked) {
      int64_t time = now();
      if (time >= kill_at) kill_children();
      if (time >= kill_at + KILL_LIMIT) {
        report(QA_REPORT_ABANDONED, 0, 0);
        _exit(125);
      }
      int64_t rest = kill_at - time;
      wait = rest <= 0 ? KILL_INTERVAL : rest > INT_MAX ? INT_MAX : (int)rest;
    }
    if (poll(polled, 2, wait) <= 0) continue;

    int64_t patience = -1;
    if (polled[0].revents) {
      uint32_t request;
      ssize_t length = recv(CONTROL, &request, sizeof request, MSG_DONTWAIT);
      if (length == sizeof request) patience = request;
      if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
        patience = grace;
        polled[0].fd = -1;
      }
    }
    if (polled[1].revents) {
      struct signalfd_siginfo signal;
      if (read(signals, &signal, sizeof signal) == sizeof signal && signal.ssi_signo != SIGCHLD)
        patience = grace;
    }
    if (patience < 0) continue;
    int64_t deadline = now() + patience;
    if (!asked || deadline < kill_at) kill_at = deadline;
    asked = 1;
    ask_tree();
  }
  _exit(exit_code);
}

static _Noreturn void run_keeper(const struct qa_command *command, int control) {
  reset_signals();
  setsid();
  prctl(PR_SET_NAME, "qa-keeper");
  int failure = arrange_descriptors(command, control);
  if (!failure) control = CONTROL;
  if (!failure && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) failure = errno;
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGINT);
  sigaddset(&handled, SIGHUP);
  sigprocmask(SIG_SETMASK, &handled, NULL);
  int signals = failure ? -1 : signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
  if (!failure && signals < 0) failure = errno;
  if (failure) {
    struct qa_report report = {QA_REPORT_FAILED, failure, QA_STAGE_KEEPER};
    (void)!send(control, &report, sizeof report, MSG_NOSIGNAL | MSG_DONTWAIT);
    _exit(126);
  }
  pid_t pid = start(command);
  if (!pid) _exit(126);
  keep(pid, command->grace, signals);
}

// MARK: - The starter's side

int qa_spawn_supervised(const struct qa_command *command, pid_t *keeper) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // Not `fork`: that runs the handlers of every library, which may take locks or allocate.
  pid_t pid = _Fork();
  if (pid == 0) {
    close(ends[0]);
    run_keeper(command, ends[1]);
  }
  int failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return -failure;
  }
  *keeper = pid;
  return ends[0];
}

int qa_keeper_report(int control, struct qa_report *report) {
  ssize_t length = recv(control, report, sizeof *report, MSG_DONTWAIT);
  if (length < 0) return errno == ECONNRESET ? 0 : -errno;
  return length == sizeof *report;
}

void qa_keeper_terminate(int control, uint32_t grace) {
  (void)!send(control, &grace, sizeof grace, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int qa_keeper_reap(pid_t keeper) {
  int status;
  while (waitpid(keeper, &status, 0) < 0)
    if (errno != EINTR) return -errno;
  return status;
}

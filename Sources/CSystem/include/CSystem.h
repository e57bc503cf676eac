// What Linux offers and Swift's Glibc module does not show.
#ifndef QA_CSYSTEM_H
#define QA_CSYSTEM_H

#include <stdint.h>
#include <sys/types.h>

_Pragma("clang assume_nonnull begin")

// Threads and events.

/// A close-on-exec, non-blocking event counter; -1 with errno on failure.
int qa_eventfd(void);

/// Adds one to an event counter. Safe on any thread and in a signal handler.
void qa_eventfd_signal(int fd);

/// Takes everything that was added. Does not block.
void qa_eventfd_drain(int fd);

/// A close-on-exec set of watched descriptors, itself a descriptor to poll; -1 with errno on failure.
int qa_watch(void);

/// Watches `fd` in a set, for bytes to read, room to write, or hang-ups only. 0, or an errno value.
int qa_watch_set(int watch, int fd, int reads, int writes);

/// Watches `fd` no longer.
void qa_watch_remove(int watch, int fd);

/// What a watched descriptor is ready for.
struct qa_ready {
  int fd;
  /// Both ends are closed, or it has failed.
  int is_hung_up;
};

/// The descriptors that are ready, at most `count`, without waiting. How many.
int qa_watch_ready(int watch, struct qa_ready *ready, int count);

/// The kernel's id of the calling thread.
int qa_gettid(void);

/// Starts a detached thread with every signal blocked. `name` is cut to 15 bytes.
/// 0, or an errno value.
int qa_thread_start(const char *name,
                    void (*body)(void *_Nullable) __attribute__((swift_attr("@Sendable"))),
                    void *_Nullable context);

// Descriptors and files.

/// Makes a close-on-exec pipe: `ends[0]` is read, `ends[1]` is written. 0, or an errno value.
int qa_pipe(int ends[_Nonnull 2]);

/// Makes reads and writes of `fd` return EAGAIN instead of waiting. 0, or an errno value.
int qa_set_nonblocking(int fd);

/// Opens `path` for reading, close-on-exec. A descriptor, or -errno.
int qa_open_read(const char *path);

/// Opens `path` for writing, made when absent, close-on-exec, never through a symbolic link. With
/// `append` what is there stays, otherwise it is cut. A descriptor, or -errno.
int qa_open_write(const char *path, int append, mode_t mode);

/// Makes the file `path`, which must not exist, for writing, close-on-exec. A descriptor, or -errno.
int qa_open_new(const char *path, mode_t mode);

/// Opens and locks a directory without waiting, close-on-exec. A descriptor that holds the lock for
/// as long as it is open, or -errno; -EWOULDBLOCK when somebody else holds it.
int qa_lock_directory(const char *path);

/// Removes a directory and all in it, following no symbolic link. 0, or the first errno value.
int qa_remove_tree(const char *path);

/// The variables this process was started with: `NAME=value` strings that end with a null pointer.
char *_Nullable const *_Nullable qa_environment(void);

// Signals.

/// Makes writes to closed pipes and sockets fail with EPIPE instead of ending the process.
void qa_ignore_sigpipe(void);

/// Turns the given signals into bytes in a pipe, one byte with the signal's number for each; a
/// signal that this process ignores stays ignored. The end to read, or -errno; -EBUSY when they are
/// watched already.
int qa_signals_watch(const int *signals, int count);

/// Gives every watched signal its former meaning, and ends the stream of bytes.
void qa_signals_unwatch(void);

// Supervised commands: a command and all of its descendants, however they detach, end when they are
// asked to, and end when the process that started them ends in any way, SIGKILL included.
//
// `qa_spawn_supervised` forks a keeper, which starts the command in a session of its own and stays
// to look after it. Both sides hold one end of a socket; its closing is how the keeper learns that
// the starter is gone. The keeper is a child subreaper: a descendant whose parent ends becomes its
// child, so "no child is left" means that none of the command is left.

/// What to start.
struct qa_command {
  /// What is executed; it is not searched for.
  const char *path;
  /// The arguments, `argv[0]` included, and a null pointer.
  char *_Nullable const *_Nonnull argv;
  /// `NAME=value` strings and a null pointer.
  char *_Nullable const *_Nonnull envp;
  /// Where it runs, or null for where the starter is.
  const char *_Nullable directory;
  /// What become its descriptors 0, 1 and 2.
  int input, output, error;
  /// Milliseconds between SIGTERM and SIGKILL when the starter ends.
  uint32_t grace;
};

enum {
  /// The command runs; `value` is its process id.
  QA_REPORT_STARTED = 1,
  /// Nothing was started; `value` is an errno value and `stage` a QA_STAGE.
  QA_REPORT_FAILED = 2,
  /// The command exited by itself; `value` is its exit status.
  QA_REPORT_EXITED = 3,
  /// A signal ended the command; `value` is its number.
  QA_REPORT_SIGNALED = 4,
  /// Some of its descendants would not die in ten seconds of SIGKILL.
  QA_REPORT_ABANDONED = 5,
  /// The command exited with 0, and what it left behind ended with this status, which is not 0.
  QA_REPORT_HEIR_EXITED = 6,
  /// The command exited with 0, and this signal ended what it left behind.
  QA_REPORT_HEIR_SIGNALED = 7,
};

enum {
  /// Making the keeper.
  QA_STAGE_KEEPER = 1,
  /// Entering the directory.
  QA_STAGE_DIRECTORY = 2,
  /// Executing the command.
  QA_STAGE_EXECUTE = 3,
};

/// What a keeper says.
struct qa_report {
  int32_t kind;
  int32_t value;
  int32_t stage;
};

/// Starts a keeper and writes its process id; its first report says whether the command runs. The
/// result is our end of the socket, which reads as closed once nothing of the command is left, or
/// -errno. Closing it, or ending its writing side, ends the command.
int qa_spawn_supervised(const struct qa_command *command, pid_t *keeper);

/// Takes the next report without waiting. 1 with a report, 0 at the end, -errno otherwise; -EAGAIN
/// when there is none.
int qa_keeper_report(int control, struct qa_report *report);

/// Asks a keeper to end everything: SIGTERM now, SIGKILL after `grace` milliseconds.
void qa_keeper_terminate(int control, uint32_t grace);

/// Waits for a keeper that has closed its end; its wait status, or -errno.
int qa_keeper_reap(pid_t keeper);

_Pragma("clang assume_nonnull end")
#endif

// What Linux offers and Swift's Glibc module does not show.
#ifndef QA_CSYSTEM_H
#define QA_CSYSTEM_H

#include <stdint.h>
#include <sys/types.h>

_Pragma("clang assume_nonnull begin")

/// A close-on-exec, non-blocking event counter; -1 with errno on failure.
int qa_eventfd(void);

/// Adds one to an event counter. Safe on any thread and in a signal handler.
void qa_eventfd_signal(int fd);

/// Takes everything that was added. Does not block.
void qa_eventfd_drain(int fd);

/// The kernel's id of the calling thread.
int qa_gettid(void);

/// Starts a detached thread with every signal blocked. `name` is cut to 15 bytes.
/// 0, or an errno value.
int qa_thread_start(const char *name,
                    void (*body)(void *_Nullable) __attribute__((swift_attr("@Sendable"))),
                    void *_Nullable context);

/// Makes writes to closed pipes and sockets fail with EPIPE instead of ending the process.
void qa_ignore_sigpipe(void);

_Pragma("clang assume_nonnull end")
#endif

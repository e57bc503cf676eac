// Counts what a program allocates, by standing in front of the C library's allocator. For benchmarks only:
// whatever links this counts always.
#ifndef QA_CALLOCATIONS_H
#define QA_CALLOCATIONS_H

#include <stdint.h>

/// What was allocated by all threads since `qa_allocations_reset`.
struct qa_allocations {
  /// How often memory was asked for; growing in place counts too.
  int64_t count;
  /// How many bytes are in use, less what was in use at the reset.
  int64_t live;
  /// The most that `live` has been.
  int64_t peak;
};

/// Starts to count from nothing.
void qa_allocations_reset(void);

/// What was counted.
struct qa_allocations qa_allocations_read(void);

#endif

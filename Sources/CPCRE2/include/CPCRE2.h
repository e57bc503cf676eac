#ifndef QA_CPCRE2_H
#define QA_CPCRE2_H

#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

/// A compiled pattern. It is never changed, so any number of threads may match with it at once.
typedef struct qa_pcre2_pattern qa_pcre2_pattern;

/// Compiles UTF-8 with Unicode classes. Returns NULL and fills `message` (always terminated) and
/// `offset` (bytes into the source) when the source is no pattern. `source` must be valid UTF-8.
qa_pcre2_pattern *_Nullable qa_pcre2_compile(
    const uint8_t *source, size_t length, char *message, size_t capacity, size_t *offset);

/// Frees what qa_pcre2_compile returned.
void qa_pcre2_free(qa_pcre2_pattern *pattern);

/// The number of slots a match needs: 2 for the whole and 2 for each group.
size_t qa_pcre2_slot_count(const qa_pcre2_pattern *pattern);

/// What one search may take. The library counts steps and depth anew at each place where a match could
/// start, so they alone bound no search: the deadline holds for the whole of it.
typedef struct {
  uint32_t steps;
  uint32_t depth;
  uint32_t heap_kib;
  uint32_t milliseconds;
} qa_pcre2_limits;

/// Finds the first match in valid UTF-8 at or after byte `from`. Returns 1 and fills `slots` (start and
/// end in bytes; SIZE_MAX where a group took no part), 0 when there is none, -1 when a limit ended the
/// search, -2 for any other failure. `slots` holds qa_pcre2_slot_count values.
int qa_pcre2_match(
    const qa_pcre2_pattern *pattern, const uint8_t *subject, size_t length, size_t from,
    qa_pcre2_limits limits, size_t *slots);

_Pragma("clang assume_nonnull end")

#endif

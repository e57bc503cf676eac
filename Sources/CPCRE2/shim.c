#include "CPCRE2.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct qa_pcre2_pattern {
  pcre2_code *code;
  uint32_t groups;
};

qa_pcre2_pattern *qa_pcre2_compile(
    const uint8_t *source, size_t length, char *message, size_t capacity, size_t *offset) {
  *offset = 0;
  snprintf(message, capacity, "out of memory");
  pcre2_compile_context *context = pcre2_compile_context_create(NULL);
  if (context == NULL) return NULL;
  pcre2_set_parens_nest_limit(context, 50);

  int status = 0;
  uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
  pcre2_code *code = pcre2_compile(source, length, options, &status, offset, context);
  pcre2_compile_context_free(context);
  if (code == NULL) {
    pcre2_get_error_message(status, (PCRE2_UCHAR *)message, capacity);
    return NULL;
  }
  qa_pcre2_pattern *pattern = malloc(sizeof *pattern);
  if (pattern == NULL) {
    pcre2_code_free(code);
    return NULL;
  }
  pattern->code = code;
  pattern->groups = 0;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups);
  return pattern;
}

void qa_pcre2_free(qa_pcre2_pattern *pattern) {
  pcre2_code_free(pattern->code);
  free(pattern);
}

size_t qa_pcre2_slot_count(const qa_pcre2_pattern *pattern) {
  return 2 * ((size_t)pattern->groups + 1);
}

static int run(
    const qa_pcre2_pattern *pattern, const uint8_t *subject, size_t length, size_t from,
    pcre2_match_data *data, pcre2_match_context *context, size_t *slots) {
  int status = pcre2_match(
      pattern->code, subject, length, from, PCRE2_NO_UTF_CHECK, data, context);
  switch (status) {
    case PCRE2_ERROR_NOMATCH: return 0;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_CALLOUT: return -1;
    default: break;
  }
  if (status < 0) return -2;
  // Slots above the highest group that took part hold PCRE2_UNSET, which is SIZE_MAX.
  const PCRE2_SIZE *found = pcre2_get_ovector_pointer(data);
  size_t count = qa_pcre2_slot_count(pattern);
  for (size_t index = 0; index < count; index++) slots[index] = found[index];
  return 1;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct deadline {
  int64_t end;
  uint32_t calls;
};

// Called before each item of the pattern. One item reads the text at most once, so the clock is seen
// often enough when it is looked at every few calls.
static int check_deadline(pcre2_callout_block *block, void *data) {
  (void)block;
  struct deadline *deadline = data;
  if (++deadline->calls % 16 != 0) return 0;
  return now() < deadline->end ? 0 : PCRE2_ERROR_CALLOUT;
}

int qa_pcre2_match(
    const qa_pcre2_pattern *pattern, const uint8_t *subject, size_t length, size_t from,
    qa_pcre2_limits limits, size_t *slots) {
  pcre2_match_data *data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
  pcre2_match_context *context = pcre2_match_context_create(NULL);
  int result = -2;
  if (data != NULL && context != NULL) {
    struct deadline deadline = {now() + limits.milliseconds, 0};
    pcre2_set_match_limit(context, limits.steps);
    pcre2_set_depth_limit(context, limits.depth);
    pcre2_set_heap_limit(context, limits.heap_kib);
    pcre2_set_callout(context, check_deadline, &deadline);
    result = run(pattern, subject, length, from, data, context, slots);
  }
  pcre2_match_context_free(context);
  pcre2_match_data_free(data);
  return result;
}

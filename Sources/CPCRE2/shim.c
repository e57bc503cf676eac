#include "CPCRE2.h"

#include <stdio.h>
#include <stdlib.h>

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
  uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
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
    case PCRE2_ERROR_HEAPLIMIT: return -1;
    default: break;
  }
  if (status < 0) return -2;
  // Slots above the highest group that took part hold PCRE2_UNSET, which is SIZE_MAX.
  const PCRE2_SIZE *found = pcre2_get_ovector_pointer(data);
  size_t count = qa_pcre2_slot_count(pattern);
  for (size_t index = 0; index < count; index++) slots[index] = found[index];
  return 1;
}

int qa_pcre2_match(
    const qa_pcre2_pattern *pattern, const uint8_t *subject, size_t length, size_t from,
    uint32_t match_limit, uint32_t depth_limit, uint32_t heap_limit_kib, size_t *slots) {
  pcre2_match_data *data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
  pcre2_match_context *context = pcre2_match_context_create(NULL);
  int result = -2;
  if (data != NULL && context != NULL) {
    pcre2_set_match_limit(context, match_limit);
    pcre2_set_depth_limit(context, depth_limit);
    pcre2_set_heap_limit(context, heap_limit_kib);
    result = run(pattern, subject, length, from, data, context, slots);
  }
  pcre2_match_context_free(context);
  pcre2_match_data_free(data);
  return result;
}

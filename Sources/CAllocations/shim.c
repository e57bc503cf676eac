#include "CAllocations.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>

// The C library's own, under the names that it keeps for those who replace it.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static atomic_llong count, live, peak;

static void added(long long bytes) {
  long long now = atomic_fetch_add_explicit(&live, bytes, memory_order_relaxed) + bytes;
  long long most = atomic_load_explicit(&peak, memory_order_relaxed);
  while (now > most && !atomic_compare_exchange_weak_explicit(&peak, &most, now, memory_order_relaxed,
                                                              memory_order_relaxed))
    ;
}

static void *counted(void *memory) {
  if (!memory) return NULL;
  atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
  added((long long)malloc_usable_size(memory));
  return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return counted(__libc_calloc(number, size)); }

void *realloc(void *memory, size_t size) {
  long long before = memory ? (long long)malloc_usable_size(memory) : 0;
  void *result = __libc_realloc(memory, size);
  if (result || !size) added(-before);
  return counted(result);
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  void *result = memalign(alignment, size);
  if (!result) return ENOMEM;
  *memory = result;
  return 0;
}

void free(void *memory) {
  if (!memory) return;
  added(-(long long)malloc_usable_size(memory));
  __libc_free(memory);
}

void qa_allocations_reset(void) {
  atomic_store(&count, 0);
  atomic_store(&live, 0);
  atomic_store(&peak, 0);
}

struct qa_allocations qa_allocations_read(void) {
  return (struct qa_allocations){atomic_load(&count), atomic_load(&live), atomic_load(&peak)};
}

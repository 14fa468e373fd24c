// Counts the mallocs of the process while `counting` is set. For one file of a program: it defines malloc.
#ifndef CONVOY_TEST_COUNTING_MALLOC_H
#define CONVOY_TEST_COUNTING_MALLOC_H

#include <atomic>
#include <cstddef>

namespace convoy::test {

inline std::atomic<bool> counting{false};
inline std::atomic<int> allocations{0}, largest_allocation{0}, frees{0};

inline void count(size_t bytes) {
  if (counting.load(std::memory_order_relaxed)) {
    ++allocations;
    if (static_cast<int>(bytes) > largest_allocation) {
      largest_allocation = static_cast<int>(bytes);
    }
  }
}

}  // namespace convoy::test

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
void __libc_free(void*);

void* malloc(size_t bytes) {
  convoy::test::count(bytes);
  return __libc_malloc(bytes);
}
void* calloc(size_t number, size_t bytes) {
  convoy::test::count(number * bytes);
  return __libc_calloc(number, bytes);
}
void* realloc(void* old, size_t bytes) {
  convoy::test::count(bytes);
  return __libc_realloc(old, bytes);
}
void* memalign(size_t alignment, size_t bytes) {
  convoy::test::count(bytes);
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** result, size_t alignment, size_t bytes) {
  convoy::test::count(bytes);
  *result = __libc_memalign(alignment, bytes);
  return *result == nullptr ? 12 : 0;
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  convoy::test::count(bytes);
  return __libc_memalign(alignment, bytes);
}
void free(void* memory) {
  convoy::test::frees += memory != nullptr && convoy::test::counting.load(std::memory_order_relaxed);
  __libc_free(memory);
}
}

#endif

// Floats that end exactly at an unmapped page: reading or writing one too many is a fault, not a chance.
#ifndef CONVOY_TEST_GUARDED_BUFFER_H
#define CONVOY_TEST_GUARDED_BUFFER_H

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>

namespace convoy::test {

class GuardedBuffer {
 public:
  explicit GuardedBuffer(int64_t floats) : size_(floats) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t bytes = static_cast<size_t>(floats) * sizeof(float);
    const size_t pages = (bytes + page - 1) / page * page;
    mapped_ = pages + 2 * page;
    void* memory = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::bad_alloc();
    }
    begin_ = static_cast<char*>(memory);
    if (pages > 0 && mprotect(begin_ + page, pages, PROT_READ | PROT_WRITE) != 0) {
      throw std::bad_alloc();
    }
    data_ = reinterpret_cast<float*>(begin_ + page + pages - bytes);
    std::fill(data_, data_ + size_, std::numeric_limits<float>::quiet_NaN());
  }
  ~GuardedBuffer() { munmap(begin_, mapped_); }
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  float* data() const { return data_; }
  int64_t size() const { return size_; }
  float* begin() const { return data_; }
  float* end() const { return data_ + size_; }

 private:
  char* begin_;
  size_t mapped_;
  float* data_;
  int64_t size_;
};

}  // namespace convoy::test

#endif

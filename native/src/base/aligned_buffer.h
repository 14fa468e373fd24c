// Floats that begin at a cache line and start as zero; owned, movable, never resized.
#ifndef CONVOY_BASE_ALIGNED_BUFFER_H
#define CONVOY_BASE_ALIGNED_BUFFER_H

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace convoy {

class AlignedBuffer {
 public:
  AlignedBuffer() = default;

  explicit AlignedBuffer(int64_t floats) : size_(floats) {
    if (floats <= 0) {
      return;
    }
    size_t bytes = static_cast<size_t>(floats) * sizeof(float);
    bool huge = bytes >= 2 * kHugePage;  // weights are streamed: fewer TLB misses
    void* memory = nullptr;
    if (posix_memalign(&memory, huge ? kHugePage : 64, bytes) != 0) {
      throw std::bad_alloc();
    }
    data_.reset(static_cast<float*>(memory));
    if (huge) {
      madvise(memory, bytes, MADV_HUGEPAGE);
    }
    std::memset(memory, 0, bytes);
  }

  float* data() const { return data_.get(); }
  int64_t size() const { return size_; }
  int64_t bytes() const { return size_ * static_cast<int64_t>(sizeof(float)); }

 private:
  static constexpr size_t kHugePage = size_t{2} << 20;
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> data_;
  int64_t size_ = 0;
};

}  // namespace convoy

#endif

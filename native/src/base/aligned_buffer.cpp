#include "base/aligned_buffer.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

namespace convoy {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

// Buffers below two huge pages share them: weights are streamed, and a small page every 64 lines means a miss of the
// TLB and an end to the processor's prefetching. A slab's pages are touched, and so exist, one by one.
constexpr size_t kSlab = 8 * kHugePage;

std::shared_ptr<char> allocate(size_t bytes, size_t alignment) {
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment, bytes) != 0) {
    throw std::bad_alloc();
  }
  if (alignment == kHugePage) {
    madvise(memory, bytes, MADV_HUGEPAGE);
  }
  return std::shared_ptr<char>(static_cast<char*>(memory), std::free);
}

// The slab that may have room. It lives as long as one of its buffers.
struct Slab {
  std::mutex mutex;
  std::weak_ptr<char> newest;
  size_t used = 0;

  std::shared_ptr<char> take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    std::shared_ptr<char> memory = newest.lock();
    if (memory == nullptr || kSlab - used < bytes) {
      memory = allocate(kSlab, kHugePage);
      newest = memory;
      used = 0;
    }
    std::shared_ptr<char> part(memory, memory.get() + used);
    used += bytes;
    return part;
  }
};

}  // namespace

AlignedBuffer::AlignedBuffer(int64_t floats) : size_(floats) {
  if (floats <= 0) {
    return;
  }
  const size_t bytes = static_cast<size_t>(floats) * sizeof(float);
  std::shared_ptr<char> memory;
#ifdef __SANITIZE_ADDRESS__
  memory = allocate(bytes, 64);  // its own, so that writing past it is seen
#else
  static Slab* const slab = new Slab;  // never destroyed: buffers may outlive static objects
  memory = bytes >= 2 * kHugePage ? allocate(bytes, kHugePage) : slab->take((bytes + 63) / 64 * 64);
#endif
  std::memset(memory.get(), 0, bytes);
  data_ = std::shared_ptr<float>(memory, reinterpret_cast<float*>(memory.get()));
}

}  // namespace convoy

#include "base/aligned_buffer.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

namespace convoy {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

// Buffers below two huge pages share them: weights are streamed, and a small page every 64 lines means a miss of the
// TLB and an end to the processor's prefetching.
constexpr size_t kSlab = 8 * kHugePage;

constexpr size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

#ifdef __SANITIZE_ADDRESS__
// Its own, so that writing past it is seen.
std::shared_ptr<char> zeros(size_t bytes) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 64, bytes) != 0) {
    throw std::bad_alloc();
  }
  std::memset(memory, 0, bytes);
  return std::shared_ptr<char>(static_cast<char*>(memory), std::free);
}
#else
// The system's own zeros: a page exists, and is cleared, when it is first touched, by the thread that does so.
std::shared_ptr<char> map(size_t bytes) {
  const size_t room = bytes + kHugePage;
  void* const got = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) {
    throw std::bad_alloc();
  }
  const uintptr_t begin = reinterpret_cast<uintptr_t>(got);
  char* const memory = static_cast<char*>(got) + (round_up(begin, kHugePage) - begin);
  madvise(memory, bytes, MADV_HUGEPAGE);
  return std::shared_ptr<char>(memory, [got, room](char*) { munmap(got, room); });
}

// The slab that may have room. It lives as long as one of its buffers, and no part of it is given out twice.
struct Slab {
  std::mutex mutex;
  std::weak_ptr<char> newest;
  size_t used = 0;

  std::shared_ptr<char> take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex);
    std::shared_ptr<char> memory = newest.lock();
    if (memory == nullptr || kSlab - used < bytes) {
      memory = map(kSlab);
      newest = memory;
      used = 0;
    }
    std::shared_ptr<char> part(memory, memory.get() + used);
    used += bytes;
    return part;
  }
};

std::shared_ptr<char> zeros(size_t bytes) {
  static Slab* const slab = new Slab;  // never destroyed: buffers may outlive static objects
  return bytes >= 2 * kHugePage ? map(bytes) : slab->take(round_up(bytes, 64));
}
#endif

}  // namespace

AlignedBuffer::AlignedBuffer(int64_t floats) : size_(floats) {
  if (floats <= 0) {
    return;
  }
  const std::shared_ptr<char> memory = zeros(static_cast<size_t>(floats) * sizeof(float));
  data_ = std::shared_ptr<float>(memory, reinterpret_cast<float*>(memory.get()));
}

}  // namespace convoy

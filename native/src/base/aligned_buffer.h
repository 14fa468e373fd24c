// Floats that begin at a cache line and start as zero; owned, movable, never resized.
#ifndef CONVOY_BASE_ALIGNED_BUFFER_H
#define CONVOY_BASE_ALIGNED_BUFFER_H

#include <cstdint>
#include <memory>

namespace convoy {

class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(int64_t floats);
  AlignedBuffer(AlignedBuffer&&) = default;
  AlignedBuffer& operator=(AlignedBuffer&&) = default;

  float* data() const { return data_.get(); }
  int64_t size() const { return size_; }
  int64_t bytes() const { return size_ * static_cast<int64_t>(sizeof(float)); }

 private:
  std::shared_ptr<float> data_;  // alone, or a part of a slab
  int64_t size_ = 0;
};

}  // namespace convoy

#endif

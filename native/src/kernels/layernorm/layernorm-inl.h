// layernorm.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/layernorm/layernorm.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

constexpr int kVectors = kBlock / kLanes;  // of a block

// Sixteen partial sums in the documented order.
inline float sum_of(const Vec* partial) {
  float lanes[kBlock];
  for (int j = 0; j < kVectors; ++j) {
    store(lanes + j * kLanes, partial[j]);
  }
  for (int half = kBlock / 2; half >= 1; half /= 2) {
    for (int i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

}  // namespace

void layernorm_channels_f32(const layernorm::Pixels& p) {
  const int32_t last = p.blocks - 1;
  const float count = static_cast<float>(int64_t{last} * kBlock + p.last_lanes);
  Mask exists[kVectors];
  for (int j = 0; j < kVectors; ++j) {
    exists[j] = first(p.last_lanes - j * kLanes);
  }
  for (int64_t pixel = 0; pixel < p.count; ++pixel) {
    const float* in = p.in + pixel * kBlock;
    float* out = p.out + pixel * kBlock;
    Vec partial[kVectors];
    for (int j = 0; j < kVectors; ++j) {
      partial[j] = zero();
    }
    for (int32_t block = 0; block <= last; ++block) {
      for (int j = 0; j < kVectors; ++j) {
        partial[j] = add(partial[j], load(in + block * p.block_stride + j * kLanes));
      }
    }
    const Vec mean = set(sum_of(partial) / count);
    for (int j = 0; j < kVectors; ++j) {
      partial[j] = zero();
    }
    for (int32_t block = 0; block <= last; ++block) {
      for (int j = 0; j < kVectors; ++j) {
        Vec d = sub(load(in + block * p.block_stride + j * kLanes), mean);
        d = block == last ? select(exists[j], d, zero()) : d;
        partial[j] = fma(d, d, partial[j]);
      }
    }
    const Vec r = set(1 / __builtin_sqrtf(sum_of(partial) / count + p.eps));
    for (int32_t block = 0; block <= last; ++block) {
      for (int j = 0; j < kVectors; ++j) {
        const int32_t channel = block * kBlock + j * kLanes;
        const int64_t at = block * p.block_stride + j * kLanes;
        Vec y = fma(mul(sub(load(in + at), mean), r), load(p.weight + channel), load(p.bias + channel));
        store(out + at, block == last ? select(exists[j], y, zero()) : y);
      }
    }
  }
}

extern constexpr layernorm::Table layernorm_table = {.channels = layernorm_channels_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

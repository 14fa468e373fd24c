// softmax.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/softmax/softmax.h"
#include "simd/activations-inl.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

constexpr int kVectors = kBlock / kLanes;  // of a block

CONVOY_INLINE Vec join_max(Vec acc, Vec x) { return select(is_nan(x), x, max(x, acc)); }

inline float max_of(const float* lanes) {
  float most = lanes[0];
  for (int i = 1; i < kBlock; ++i) {
    most = lanes[i] > most || lanes[i] != lanes[i] ? lanes[i] : most;
  }
  return most;
}

inline float sum_of(float* lanes) {
  for (int half = kBlock / 2; half >= 1; half /= 2) {
    for (int i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

// action(floats from the pixel's first, vector of the block, whether the lane counts).
template <class Action>
CONVOY_INLINE void each_vector(const softmax::Pixels& p, Action&& action) {
  Mask all[kVectors], last[kVectors];
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    all[j] = first(kLanes);
    last[j] = first(p.last_lanes - j * kLanes);
  }
  for (int32_t block = 0; block + 1 < p.blocks; ++block) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      action(block * p.block_stride + j * kLanes, j, all[j]);
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    action((p.blocks - 1) * p.block_stride + j * kLanes, j, last[j]);
  }
}

template <bool kLog>
inline void softmax(const softmax::Pixels& p) {
  float lanes[kBlock];
  for (int64_t pixel = 0; pixel < p.count; ++pixel) {
    const float* in = p.in + pixel * kBlock;
    float* out = p.out + pixel * kBlock;
    Vec acc[kVectors];
    for (int j = 0; j < kVectors; ++j) {
      acc[j] = set(-__builtin_inff());
    }
    each_vector(
        p, [&](int64_t at, int j, Mask counts) __attribute__((always_inline)) {
          acc[j] = join_max(acc[j], select(counts, load(in + at), set(-__builtin_inff())));
        });
    for (int j = 0; j < kVectors; ++j) {
      store(lanes + j * kLanes, acc[j]);
      acc[j] = zero();
    }
    const Vec most = set(max_of(lanes));
    each_vector(
        p, [&](int64_t at, int j, Mask counts) __attribute__((always_inline)) {
          Vec e = select(counts, exp(sub(load(in + at), most)), zero());
          acc[j] = add(acc[j], e);
          if (!kLog) {
            store(out + at, e);
          }
        });
    for (int j = 0; j < kVectors; ++j) {
      store(lanes + j * kLanes, acc[j]);
    }
    const float sum = sum_of(lanes);
    if (kLog) {
      const Vec log_sum = set(static_cast<float>(__builtin_log(sum)));
      each_vector(
          p, [&](int64_t at, int, Mask counts) __attribute__((always_inline)) {
            store(out + at, select(counts, sub(sub(load(in + at), most), log_sum), zero()));
          });
    } else {
      const Vec divisor = set(sum);
      each_vector(
          p, [&](int64_t at, int, Mask counts) __attribute__((always_inline)) {
            store(out + at, select(counts, div(load(out + at), divisor), zero()));
          });
    }
  }
}

}  // namespace

void softmax_plain_f32(const softmax::Pixels& pixels) { softmax<false>(pixels); }
void softmax_log_f32(const softmax::Pixels& pixels) { softmax<true>(pixels); }

extern constexpr softmax::Table softmax_table = {.plain = softmax_plain_f32, .log = softmax_log_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

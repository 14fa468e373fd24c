// eltwise.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/eltwise/eltwise.h"
#include "simd/activations-inl.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

constexpr int kVectors = kBlock / kLanes;  // of a block

// A number for each lane of a block.
struct Lanes {
  Vec of[kVectors];

  explicit Lanes(const float* from) {
    for (int j = 0; j < kVectors; ++j) {
      of[j] = load(from + j * kLanes);
    }
  }
};

// value(float offset, vector of the pixel) for every vector. One loop with and without lanes to clear: memory is what
// takes the time, and thirteen activations are instantiated over it.
template <class Value>
CONVOY_INLINE void each_vector(const eltwise::Stream& s, Value&& value) {
  Mask keep[kVectors];
  for (int j = 0; j < kVectors; ++j) {
    keep[j] = first(s.lanes - j * kLanes);
  }
  for (int64_t at = 0; at < s.pixels * kBlock; at += kBlock) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      store(s.out + at + j * kLanes, select(keep[j], value(at + j * kLanes, j), zero()));
    }
  }
}

}  // namespace

void eltwise_scale_shift_f32(const eltwise::Stream& s) {
  const Lanes scale(s.scale), shift(s.shift);
  with_activation(s.activation, [&](auto kind) {
    each_vector(
        s, [&](int64_t at, int j) __attribute__((always_inline)) {
          return activated<decltype(kind)::value>(fma(load(s.a + at), scale.of[j], shift.of[j]), s.alpha);
        });
  });
}

void eltwise_multiply_f32(const eltwise::Stream& s) {
  const Lanes scale(s.scale);
  each_vector(
      s, [&](int64_t at, int j) __attribute__((always_inline)) { return mul(load(s.a + at), scale.of[j]); });
}

void eltwise_activate_f32(const eltwise::Stream& s) {
  with_activation(s.activation, [&](auto kind) {
    each_vector(
        s, [&](int64_t at, int)
               __attribute__((always_inline)) { return activated<decltype(kind)::value>(load(s.a + at), s.alpha); });
  });
}

void eltwise_add_f32(const eltwise::Stream& s) {
  with_activation(s.activation, [&](auto kind) {
    each_vector(
        s, [&](int64_t at, int) __attribute__((always_inline)) {
          return activated<decltype(kind)::value>(add(load(s.a + at), load(s.b + at)), s.alpha);
        });
  });
}

void eltwise_subtract_f32(const eltwise::Stream& s) {
  each_vector(
      s, [&](int64_t at, int) __attribute__((always_inline)) { return sub(load(s.a + at), load(s.b + at)); });
}

void eltwise_multiply_add_f32(const eltwise::Stream& s) {
  const Lanes scale(s.scale);
  each_vector(
      s, [&](int64_t at, int j)
             __attribute__((always_inline)) { return fma(load(s.b + at), scale.of[j], load(s.a + at)); });
}

void eltwise_multiply_subtract_f32(const eltwise::Stream& s) {
  const Lanes scale(s.scale);
  each_vector(
      s, [&](int64_t at, int j)
             __attribute__((always_inline)) { return fma(load(s.b + at), scale.of[j], sub(zero(), load(s.a + at))); });
}

extern constexpr eltwise::Table eltwise_table = {.scale_shift = eltwise_scale_shift_f32,
                                                 .multiply = eltwise_multiply_f32,
                                                 .activate = eltwise_activate_f32,
                                                 .add = eltwise_add_f32,
                                                 .subtract = eltwise_subtract_f32,
                                                 .multiply_add = eltwise_multiply_add_f32,
                                                 .multiply_subtract = eltwise_multiply_subtract_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

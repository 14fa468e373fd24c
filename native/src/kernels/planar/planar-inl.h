// planar.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include <string.h>

#include "base/block.h"
#include "kernels/planar/planar.h"
#include "simd/activations-inl.h"
#include "simd/transpose.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using planar::Row;

constexpr int kTurned = planar::kMostOutputs;   // pixels and channels that are turned over at once
constexpr int kVectors = kLanes == 16 ? 2 : 1;  // neighbouring vectors share a weight, as far as registers go

// Of so many vectors, one behind the other.
__attribute__((noinline)) void activate(const Row& r, float* values, int vectors) {
  with_activation(r.activation, [&](auto kind) {
    for (int i = 0; i < vectors * kLanes; i += kLanes) {
      store(values + i, activated<decltype(kind)::value>(load(values + i), r.alpha));
    }
  });
}

// Pixels at[v] .. at[v] + kLanes - 1 for each vector v, or, kNarrow, the whole of a row that is shorter than a vector.
// kOutputs = outputs.
template <int kOutputs, bool kNarrow>
void pixels(const Row& r, const int64_t (&at)[kVectors]) {
  const int count = kNarrow ? static_cast<int>(r.out_width) : kLanes;
  Vec sum[kOutputs][kVectors];
#pragma GCC unroll 8
  for (int o = 0; o < kOutputs; ++o) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      sum[o][v] = broadcast(r.bias + o);
    }
  }
  const float* weights = r.weights;
  const float* const* rows = r.rows;
  for (int kh = 0; kh < r.kernel_h; ++kh, rows += r.channels) {
    for (int64_t column = 0; column < int64_t{r.kernel_w} * r.dilation; column += r.dilation) {
      for (int c = 0; c < r.channels; ++c, weights += kOutputs) {
        Vec input[kVectors];
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) {
          const float* in = rows[c] + column + at[v];
          input[v] = kNarrow ? load_first(in, count) : load(in);
        }
#pragma GCC unroll 8
        for (int o = 0; o < kOutputs; ++o) {
          const Vec w = broadcast(weights + o);
#pragma GCC unroll 2
          for (int v = 0; v < kVectors; ++v) {
            sum[o][v] = fma(w, input[v], sum[o][v]);
          }
        }
      }
    }
  }
  float planes[kVectors][kTurned][kLanes];
#pragma GCC unroll 8
  for (int o = 0; o < kTurned; ++o) {
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      store(planes[v][o], o < kOutputs ? sum[o][v] : zero());
    }
  }
  for (int v = 0; v < kVectors; ++v) {
    activate(r, planes[v][0], kOutputs);
    float* const out = r.out + at[v] * kBlock;
    for (int i = 0; i < count; i += kTurned) {
      if (i + kTurned <= count) {
        transpose8(planes[v][0] + i, kLanes, out + i * kBlock, kBlock);
      } else {
        for (int pixel = i; pixel < count; ++pixel) {
          for (int o = 0; o < kTurned; ++o) {
            out[pixel * kBlock + o] = planes[v][o][pixel];
          }
        }
      }
    }
    for (int i = 0; i < count; ++i) {
      memset(out + i * kBlock + kTurned, 0, (kBlock - kTurned) * sizeof(float));
    }
  }
}

// Vectors that would pass the end of the row are moved back and compute some pixels again.
template <int kOutputs>
void row(const Row& r) {
  const int64_t last = r.out_width - kLanes;
  int64_t at[kVectors] = {};
  if (last < 0) {
    pixels<kOutputs, true>(r, at);
    return;
  }
  for (int64_t x = 0; x < r.out_width; x += int64_t{kVectors} * kLanes) {
    for (int v = 0; v < kVectors; ++v) {
      const int64_t begin = x + int64_t{v} * kLanes;
      at[v] = begin < last ? begin : last;
    }
    pixels<kOutputs, false>(r, at);
  }
}

}  // namespace

void planar_f32(const Row& r) {
  using Rows = void (*)(const Row&);
  static constexpr Rows kRows[] = {row<1>, row<2>, row<3>, row<4>, row<5>, row<6>, row<7>, row<8>};
  kRows[r.outputs - 1](r);
}

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

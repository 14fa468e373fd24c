// depthwise.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/depthwise/depthwise.h"
#include "simd/activations-inl.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using depthwise::Band;

// Neighbours that are computed together. Seven sums, the weights of a kernel row of seven and one pixel of the input
// are fifteen vectors, so that no instruction set spills; and rows of 7, 14, 28, 56 and 112 pixels divide evenly. Twice
// as many, where there are registers, keep two units busy that take four cycles for an FMA: Emerald Rapids, 7x7, 384
// channels of 14 x 14: 41 us in sevens, 35 us in fourteens.
constexpr int kStrip = 7;
constexpr int kWideStrip = kLanes == kBlock ? 2 * kStrip : kStrip;

// Any kernel, stride and dilation.
struct Any {
  static constexpr int kWidest = kStrip;

  // Where pixel `column` of an input row lies.
  template <bool kEdge>
  static CONVOY_INLINE const float* pixel(const float* row, int64_t width, int64_t column) {
    static constexpr float kZeros[kBlock] = {};
    const bool there = !kEdge || static_cast<uint64_t>(column) < static_cast<uint64_t>(width);
    return there ? row + column * kBlock : kZeros;
  }

  template <bool kEdge>
  static CONVOY_INLINE void accumulate(const Band& b, const float* row, int64_t width, const float* weights,
                                       int64_t column, int lane, Vec (&sum)[kStrip]) {
    for (int kw = 0; kw < b.kernel_w; ++kw, weights += kBlock, column += b.dilation_w) {
      const Vec w = load(weights);
#pragma GCC unroll 8
      for (int i = 0; i < kStrip; ++i) {
        sum[i] = fma(w, load(pixel<kEdge>(row, width, column + int64_t{i} * b.stride_w) + lane), sum[i]);
      }
    }
  }

  static CONVOY_INLINE bool accumulate(const Band& b, int64_t y, int64_t x, int lane, Vec (&sum)[kStrip]) {
    const int64_t column = x * b.stride_w - b.left;
    const int64_t last = column + int64_t{kStrip - 1} * b.stride_w + int64_t{b.kernel_w - 1} * b.dilation_w;
    const float* weights = b.weights + lane;
    for (int kh = 0; kh < b.kernel_h; ++kh, weights += b.kernel_w * kBlock) {
      const int64_t at = b.rows[y * b.stride_h + int64_t{kh} * b.dilation_h];
      if (at < 0) {
        accumulate<true>(b, nullptr, 0, weights, column, lane, sum);
      } else if (column < 0 || last >= b.in_width) {
        accumulate<true>(b, b.in + at, b.in_width, weights, column, lane, sum);
      } else {
        accumulate<false>(b, b.in + at, b.in_width, weights, column, lane, sum);
      }
    }
    return false;
  }
};

// A kernel row of kKernel columns at stride kStride: every pixel of the input is loaded once for all its taps, and
// those on the padding are passed over.
template <int kKernel, int kStride>
struct Fixed {
  static constexpr int kWidest = kWideStrip;

  // Whether there were any of those.
  template <int kPixels>
  static CONVOY_INLINE bool accumulate(const Band& b, int64_t y, int64_t x, int lane, Vec (&sum)[kPixels]) {
    constexpr int kColumns = (kPixels - 1) * kStride + kKernel;
    const int64_t first = b.left - x * kStride, end = b.in_width + first;  // columns of the strip that exist
    bool padding = first > 0 || end < kColumns;
    const int64_t* rows = b.rows + y * b.stride_h;
    const float* weights = b.weights + lane;
#pragma GCC unroll 1
    for (int kh = 0; kh < b.kernel_h; ++kh, rows += b.dilation_h, weights += kKernel * kBlock) {
      if (*rows < 0) {
        padding = true;
        continue;
      }
      const float* row = b.in + *rows - first * kBlock + lane;
      if (b.ahead != 0 && lane == 0 && kh >= b.kernel_h - b.stride_h) {
#pragma GCC unroll 1
        for (int c = 0; c < kPixels * kStride; ++c) {
          __builtin_prefetch(row + c * kBlock + b.ahead, 0, 2);
        }
      }
      Vec w[kKernel];
#pragma GCC unroll 8
      for (int kw = 0; kw < kKernel; ++kw) {
        w[kw] = load(weights + kw * kBlock);
      }
#pragma GCC unroll 32
      for (int c = 0; c < kColumns; ++c) {
        if (c < first || c >= end) {
          continue;
        }
        const Vec pixel = held(load(row + c * kBlock));
#pragma GCC unroll 16
        for (int i = 0; i < kPixels; ++i) {
          const int kw = c - i * kStride;
          if (kw >= 0 && kw < kKernel) {
            sum[i] = fma(w[kw], pixel, sum[i]);
          }
        }
      }
    }
    return padding;
  }
};

template <int kPixels>
CONVOY_INLINE bool any_minus_zero(const Vec (&sum)[kPixels]) {
  Int least = bits(sum[0]);
#pragma GCC unroll 16
  for (int i = 1; i < kPixels; ++i) {
    least = min(least, bits(sum[i]));
  }
  return any_least(least);
}

CONVOY_INLINE int64_t out_row(const Band& b, int64_t y) { return y % b.out_rows * b.out_width * kBlock; }

// What follows the sums of pixel x and its neighbours in the row that lies at `row`; behind its end are no pixels.
template <int kPixels>
CONVOY_INLINE void finish(const Band& b, int64_t row, int64_t x, int lane, Vec (&sum)[kPixels]) {
  const int64_t at = row + x * kBlock + lane, count = b.out_width - x;
  if (b.residual != nullptr) {
#pragma GCC unroll 16
    for (int i = 0; i < kPixels; ++i) {
      if (i < count) {
        sum[i] = add(sum[i], load(b.residual + at + i * kBlock));
      }
    }
  }
  if (b.activation == CONVOY_RELU || b.activation == CONVOY_RELU6) {
#pragma GCC unroll 16
    for (int i = 0; i < kPixels; ++i) {
      sum[i] = relu(sum[i]);
    }
    if (b.activation == CONVOY_RELU6) {
#pragma GCC unroll 16
      for (int i = 0; i < kPixels; ++i) {
        sum[i] = min(set(6), sum[i]);
      }
    }
  } else if (b.activation == CONVOY_HARD_SWISH) {
#pragma GCC unroll 16
    for (int i = 0; i < kPixels; ++i) {
      sum[i] = hard_swish(sum[i]);
    }
  }
  if (b.lanes < kBlock) {
    const Mask mask = first(b.lanes - lane);
#pragma GCC unroll 16
    for (int i = 0; i < kPixels; ++i) {
      sum[i] = select(mask, sum[i], zero());
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kPixels; ++i) {
    if (i < count) {
      store(b.out + at + i * kBlock, sum[i]);
    }
  }
}

void exact(const Band& b, int64_t y, int64_t x, int64_t count, int lane);

// A tap on the padding can change one sum only, -0, which may become 0. Starting from a bias that is no -0 it takes a
// negative product too small for any other number to come there, so such a strip is computed again, with all its taps.
template <class Taps, int kPixels>
CONVOY_INLINE void strip(const Band& b, int64_t y, int64_t row, int64_t x, int lane) {
  Vec sum[kPixels];
  const Vec bias = load(b.bias + lane);
#pragma GCC unroll 16
  for (int i = 0; i < kPixels; ++i) {
    sum[i] = bias;
  }
  if (Taps::accumulate(b, y, x, lane, sum) && any_minus_zero(sum)) {
    exact(b, y, x, kPixels, lane);
  } else {
    finish(b, row, x, lane, sum);
  }
}

__attribute__((noinline)) void exact(const Band& b, int64_t y, int64_t x, int64_t count, int lane) {
  for (const int64_t end = x + count < b.out_width ? x + count : b.out_width; x < end; x += kStrip) {
    strip<Any, kStrip>(b, y, out_row(b, y), x, lane);
  }
}

// The other activations, which take longer than the convolution: on the row as it lies in the level-1 cache.
__attribute__((noinline)) void activate(const Band& b, float* row) {
  with_activation(b.activation, [&](auto kind) {
    for (int lane = 0; lane < kBlock; lane += kLanes) {
      const Mask mask = first(b.lanes - lane);
      for (int64_t x = 0; x < b.out_width; ++x) {
        float* at = row + x * kBlock + lane;
        store(at, select(mask, activated<decltype(kind)::value>(load(at), b.alpha), zero()));
      }
    }
  });
}

template <class Taps>
CONVOY_INLINE void convolve(const Band& b) {
  for (int64_t y = b.begin; y < b.end; ++y) {
    const int64_t row = out_row(b, y);
    for (int lane = 0; lane < kBlock; lane += kLanes) {
      int64_t x = 0;
      if (Taps::kWidest > kStrip) {
        for (; b.out_width - x > kStrip; x += Taps::kWidest) {
          strip<Taps, Taps::kWidest>(b, y, row, x, lane);
        }
      }
      for (; x < b.out_width; x += kStrip) {
        strip<Taps, kStrip>(b, y, row, x, lane);
      }
    }
    if (b.activation > CONVOY_RELU6 && b.activation != CONVOY_HARD_SWISH) {
      activate(b, b.out + row);
    }
  }
}

template <int kKernel, int kStride>
struct Variant {
  using Taps = Fixed<kKernel, kStride>;
};

template <>
struct Variant<0, 0> {
  using Taps = Any;
};

}  // namespace

#define CONVOY_KERNEL(columns, stride) \
  void depthwise_f32_##columns##s##stride(const Band& band) { convolve<Variant<columns, stride>::Taps>(band); }
#include "kernels/depthwise/kernels.inc"

extern constexpr depthwise::Kernel depthwise_kernels[] = {
#define CONVOY_KERNEL(columns, stride) {columns, stride, depthwise_f32_##columns##s##stride},
#include "kernels/depthwise/kernels.inc"
};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

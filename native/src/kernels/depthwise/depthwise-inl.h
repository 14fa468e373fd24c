// depthwise.h's contract over the vector vocabulary. Included behind a vec_<isa>.h and activations-inl.h.
#include "kernels/depthwise/depthwise.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using depthwise::Row;

constexpr int kBlock = 16;

// Neighbours that are computed together. Their sums, the weights of a kernel row of seven and one pixel of the input
// are fifteen vectors, so that no instruction set spills; and rows of 7, 14, 28, 56 and 112 pixels divide evenly.
constexpr int kStrip = 7;

// Where column `column` of an input row lies; the padding is zeros.
template <bool kEdge>
CONVOY_INLINE const float* pixel(const Row& r, const float* row, int64_t column) {
  const bool there = !kEdge || static_cast<uint64_t>(column) < static_cast<uint64_t>(r.in_width);
  return there ? row + column * kBlock : r.zeros;
}

// A kernel row of kKernel columns at stride kStride: every pixel of the input is loaded once for all its taps.
template <int kKernel, int kStride>
struct Fixed {
  template <bool kEdge>
  static CONVOY_INLINE void accumulate(const Row& r, const float* row, const float* weights, int64_t column, int lane,
                                       int64_t ahead, Vec (&sum)[kStrip]) {
    if (ahead != 0) {
#pragma GCC unroll 1
      for (int c = 0; c < kStrip * kStride; ++c) {
        __builtin_prefetch(row + (column + c) * kBlock + ahead, 0, 2);
      }
    }
    Vec w[kKernel];
#pragma GCC unroll 8
    for (int kw = 0; kw < kKernel; ++kw) {
      w[kw] = load(weights + kw * kBlock);
    }
#pragma GCC unroll 32
    for (int c = 0; c < (kStrip - 1) * kStride + kKernel; ++c) {
      const Vec x = held(load(pixel<kEdge>(r, row, column + c) + lane));
#pragma GCC unroll 8
      for (int i = 0; i < kStrip; ++i) {
        const int kw = c - i * kStride;
        if (kw >= 0 && kw < kKernel) {
          sum[i] = fma(w[kw], x, sum[i]);
        }
      }
    }
  }
};

// Any kernel, stride and dilation.
struct Any {
  template <bool kEdge>
  static CONVOY_INLINE void accumulate(const Row& r, const float* row, const float* weights, int64_t column, int lane,
                                       int64_t, Vec (&sum)[kStrip]) {
    for (int kw = 0; kw < r.kernel_w; ++kw, weights += kBlock, column += r.dilation) {
      const Vec w = load(weights);
#pragma GCC unroll 8
      for (int i = 0; i < kStrip; ++i) {
        sum[i] = fma(w, load(pixel<kEdge>(r, row, column + i * r.stride) + lane), sum[i]);
      }
    }
  }
};

// Output pixels x .. x + count - 1, at most kStrip; without an edge all of a strip, and no tap on the padding.
template <class Taps, bool kEdge>
CONVOY_INLINE void strip(const Row& r, int64_t x, int64_t count, int lane) {
  Vec sum[kStrip];
  const Vec bias = load(r.bias + lane);
#pragma GCC unroll 8
  for (int i = 0; i < kStrip; ++i) {
    sum[i] = bias;
  }
  const float* weights = r.weights + lane;
#pragma GCC unroll 1
  for (int kh = 0; kh < r.kernel_h; ++kh, weights += r.kernel_w * kBlock) {
    const int64_t ahead = lane == 0 && kh >= r.kernel_h - r.stride ? r.ahead : 0;
    Taps::template accumulate<kEdge>(r, r.rows[kh], weights, x * r.stride - r.left, lane, ahead, sum);
  }
  if (r.residual != nullptr) {
#pragma GCC unroll 8
    for (int i = 0; i < kStrip; ++i) {
      if (!kEdge || i < count) {
        sum[i] = add(sum[i], load(r.residual + (x + i) * kBlock + lane));
      }
    }
  }
  if (r.activation == CONVOY_RELU || r.activation == CONVOY_RELU6) {
    const Vec most = set(r.activation == CONVOY_RELU6 ? 6.0f : __builtin_inff());
#pragma GCC unroll 8
    for (int i = 0; i < kStrip; ++i) {
      sum[i] = min(most, relu(sum[i]));
    }
  }
  if (r.lanes < kBlock) {
    const Mask mask = first(r.lanes - lane);
#pragma GCC unroll 8
    for (int i = 0; i < kStrip; ++i) {
      sum[i] = select(mask, sum[i], zero());
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kStrip; ++i) {
    if (!kEdge || i < count) {
      store(r.out + (x + i) * kBlock + lane, sum[i]);
    }
  }
}

// The activations that take longer than the convolution: on the row as it lies in the level-1 cache.
__attribute__((noinline)) void finish(const Row& r) {
  with_activation(r.activation, [&](auto kind) {
    for (int lane = 0; lane < kBlock; lane += kLanes) {
      const Mask mask = first(r.lanes - lane);
      for (int64_t x = 0; x < r.out_width; ++x) {
        float* at = r.out + x * kBlock + lane;
        store(at, select(mask, activated<decltype(kind)::value>(load(at), r.alpha), zero()));
      }
    }
  });
}

template <class Taps>
CONVOY_INLINE void convolve(const Row& r) {
  const int64_t reach = int64_t{r.kernel_w - 1} * r.dilation;
  for (int lane = 0; lane < kBlock; lane += kLanes) {
    for (int64_t x = 0; x < r.out_width; x += kStrip) {
      const int64_t begin = x * r.stride - r.left, end = begin + (kStrip - 1) * r.stride + reach;
      if (begin >= 0 && end < r.in_width && x + kStrip <= r.out_width) {
        strip<Taps, false>(r, x, kStrip, lane);
      } else {
        strip<Taps, true>(r, x, r.out_width - x, lane);
      }
    }
  }
  if (r.activation > CONVOY_RELU6) {
    finish(r);
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

#define CONVOY_INSTANTIATE(kernel, stride) \
  void depthwise_f32_##kernel##s##stride(const Row& row) { convolve<Variant<kernel, stride>::Taps>(row); }

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

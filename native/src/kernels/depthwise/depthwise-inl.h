// depthwise.h's contract over the vector vocabulary. Included behind a vec_<isa>.h and activations-inl.h.
#include "kernels/depthwise/depthwise.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

using depthwise::Row;

constexpr int kBlock = 16;

// kPixels neighbours whose taps all lie inside the row.
template <int kPixels>
inline __attribute__((always_inline)) void inside(const Row& r, int64_t x, int lane) {
  Vec sum[kPixels];
  const Vec bias = load(r.bias + lane);
#pragma GCC unroll 8
  for (int i = 0; i < kPixels; ++i) {
    sum[i] = bias;
  }
  const int64_t step = int64_t{r.stride} * kBlock, column = int64_t{r.dilation} * kBlock;
  const float* weights = r.weights + lane;
  for (int kh = 0; kh < r.kernel_h; ++kh) {
    const float* in = r.rows[kh] + (x * r.stride - r.left) * kBlock + lane;
    for (int kw = 0; kw < r.kernel_w; ++kw) {
      const Vec w = load(weights);
#pragma GCC unroll 8
      for (int i = 0; i < kPixels; ++i) {
        sum[i] = fma(w, load(in + i * step), sum[i]);
      }
      in += column;
      weights += kBlock;
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kPixels; ++i) {
    store(r.out + (x + i) * kBlock + lane, sum[i]);
  }
}

void at_edge(const Row& r, int64_t x, int lane) {
  Vec sum = load(r.bias + lane);
  const float* weights = r.weights + lane;
  for (int kh = 0; kh < r.kernel_h; ++kh) {
    for (int kw = 0; kw < r.kernel_w; ++kw, weights += kBlock) {
      const int64_t column = x * r.stride + int64_t{kw} * r.dilation - r.left;
      const bool there = column >= 0 && column < r.in_width;
      sum = fma(load(weights), there ? load(r.rows[kh] + column * kBlock + lane) : zero(), sum);
    }
  }
  store(r.out + x * kBlock + lane, sum);
}

void finish(const Row& r, int lane) {
  const Mask mask = first(r.lanes - lane);
  for (int64_t x = 0; x < r.out_width; ++x) {
    float* at = r.out + x * kBlock + lane;
    Vec y = load(at);
    if (r.residual != nullptr) {
      y = add(y, load(r.residual + x * kBlock + lane));
    }
    store(at, select(mask, activate(y, r.activation, r.alpha), zero()));
  }
}

}  // namespace

void depthwise_f32(const Row& r) {
  // columns first .. last - 1 have every tap inside the row
  const int64_t reach = int64_t{r.kernel_w - 1} * r.dilation;
  int64_t first_inside = (int64_t{r.left} + r.stride - 1) / r.stride;
  const int64_t room = r.in_width - 1 - reach + r.left;
  int64_t last_inside = room < 0 ? 0 : room / r.stride + 1;
  last_inside = last_inside < r.out_width ? last_inside : r.out_width;
  first_inside = first_inside < last_inside ? first_inside : last_inside;
  for (int lane = 0; lane < kBlock; lane += kLanes) {
    int64_t x = 0;
    for (; x < first_inside; ++x) {
      at_edge(r, x, lane);
    }
    for (; x + 8 <= last_inside; x += 8) {
      inside<8>(r, x, lane);
    }
    if (x + 4 <= last_inside) {
      inside<4>(r, x, lane);
      x += 4;
    }
    for (; x < last_inside; ++x) {
      inside<1>(r, x, lane);
    }
    for (; x < r.out_width; ++x) {
      at_edge(r, x, lane);
    }
    if (r.residual != nullptr || r.activation != CONVOY_IDENTITY || r.lanes < kBlock) {
      finish(r, lane);  // the row is in the level-1 cache
    }
  }
}

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

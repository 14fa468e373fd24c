// resize.h's contract over the vector vocabulary. Included behind a vec_<isa>.h.
#include "base/block.h"
#include "kernels/resize/resize.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

inline Vec lerp(Vec low, Vec high, Vec t) { return fma(sub(high, low), t, low); }

}  // namespace

void resize_bilinear_f32(const resize::Rows& r) {
  const int64_t row_floats = int64_t{r.in_w} * kBlock;
  for (int64_t item = r.begin; item < r.end; ++item) {
    const resize::Tap row = r.rows[item % r.out_h];
    const float* plane = r.in + item / r.out_h * r.in_h * row_floats;
    const float* upper = plane + row.low * row_floats;
    const float* lower = plane + row.high * row_floats;
    const Vec down = set(row.t);
    float* out = r.out + item * r.out_w * kBlock;
    for (int32_t x = 0; x < r.out_w; ++x, out += kBlock) {
      const resize::Tap column = r.columns[x];
      const int64_t left = int64_t{column.low} * kBlock, right = int64_t{column.high} * kBlock;
      const Vec across = set(column.t);
      for (int lane = 0; lane < kBlock; lane += kLanes) {
        Vec above = lerp(load(upper + left + lane), load(upper + right + lane), across);
        Vec below = lerp(load(lower + left + lane), load(lower + right + lane), across);
        store(out + lane, lerp(above, below, down));
      }
    }
  }
}

extern constexpr resize::Table resize_table = {.bilinear = resize_bilinear_f32};

}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

// KxK on BLOCKED16, any stride, dilation and padding, without im2col: a slab of the left operand holds every input row
// of the block once (stored_rows.h), with its padding, in one of two ways.
//
//   [phase][stored row][padded input column][16]            wide images, stride 1
//     A tap is an offset; tiles end with the row, which a wide image hardly notices.
//
//   [kernel column][phase][stored row][output column][16]   everything else
//     The kernel's columns lie side by side. For a given tap, output pixels lie one behind the other, across the ends
//     of rows, so that tiles fill up whatever the width: 7x7 is 49 pixels. An input pixel is copied kernel_w / stride_w
//     times and then used kernel_h * (output channels) times.
#include <algorithm>
#include <cstring>

#include "ops/stored_rows.h"
#include "ops/tap_conv.h"

namespace convoy {
namespace {

// Output columns from which tiles end with the row. 28 = 2 * 14 rows of the largest AVX-512 tile.
constexpr int kWide = 28;

bool is_wide(const Convolution& problem) { return problem.window.stride_w == 1 && problem.out.w >= kWide; }

class Direct final : public TapConv {
 public:
  Direct(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("direct", problem, problem.out.h, problem.out.w,
                is_wide(problem) ? problem.out.w : problem.out.pixels()),
        stored_(problem.window),
        columns_(is_wide(problem) ? 1 : problem.window.kernel_w),
        width_(is_wide(problem) ? problem.out.w - 1 + problem.window.reach_w() : problem.out.w) {
    prepare(weights, bias);
  }

 protected:
  int64_t slab_floats(int rows) const override { return int64_t{columns_} * stored_.phases() * plane_floats(rows); }

  void slab_taps(int slab, int rows, std::vector<gemm::Tap>& taps) const override {
    for (int kh = 0; kh < problem_.window.kernel_h; ++kh) {
      for (int kw = 0; kw < problem_.window.kernel_w; ++kw) {
        const int64_t column = columns_ == 1 ? 0 : kw;
        const int64_t across = columns_ == 1 ? int64_t{kw} * problem_.window.dilation_w * kBlock : 0;
        const int64_t plane = column * stored_.phases() + stored_.phase(kh);
        taps.push_back({plane * plane_floats(rows) + stored_.row(kh) * row_stride() + across, slab_channels(slab)});
      }
    }
  }

  int64_t row_stride() const override { return width_ * kBlock; }

  void pack(const float* image, int, int slab, int begin, int end, float* to) const override {
    const Value& in = problem_.in;
    const float* channels = image + slab * in.pixels() * kBlock;
    const int64_t plane = plane_floats(block_rows());
    stored_.each(begin, end, [&](int phase, int64_t row, int64_t y) {
      const float* from = y < 0 || y >= in.h ? nullptr : channels + y * in.w * kBlock;
      for (int kw = 0; kw < columns_; ++kw) {
        copy_row(from, kw, to + (int64_t{kw} * stored_.phases() + phase) * plane + row * row_stride());
      }
    });
  }

 private:
  // a cache line more, so that planes are no power of two apart
  int64_t plane_floats(int rows) const { return stored_.rows(rows) * row_stride() + kBlock; }

  // What the kernel's column kw meets along a packed row; from: the input row, null on the padding.
  void copy_row(const float* from, int kw, float* to) const {
    const Window& window = problem_.window;
    const int64_t shift = int64_t{kw} * window.dilation_w - window.left, stride = window.stride_w;
    const int64_t in_width = from == nullptr ? 0 : problem_.in.w;
    // columns x whose input column x * stride + shift exists
    const int64_t begin = shift >= 0 ? 0 : std::min(width_, ceil_div(-shift, stride));
    const int64_t end = in_width <= shift ? begin : std::clamp(ceil_div(in_width - shift, stride), begin, width_);
    std::memset(to, 0, begin * kBlock * sizeof(float));
    if (stride == 1 && begin < end) {
      std::memcpy(to + begin * kBlock, from + (begin + shift) * kBlock, (end - begin) * kBlock * sizeof(float));
    } else {
      for (int64_t x = begin; x < end; ++x) {
        std::memcpy(to + x * kBlock, from + (x * stride + shift) * kBlock, kBlock * sizeof(float));
      }
    }
    std::memset(to + end * kBlock, 0, (width_ - end) * kBlock * sizeof(float));
  }

  const StoredRows stored_;
  const int columns_;    // of the kernel that lie side by side
  const int64_t width_;  // pixels of a packed row
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  return problem.groups != 1 ? "groups" : "";
}

}  // namespace

const ConvAlgorithm kDirect = {"direct", false, refusal,
                               [](const Convolution& problem, const float* weights, const float* bias) {
                                 return std::unique_ptr<Step>(std::make_unique<Direct>(problem, weights, bias));
                               }};

}  // namespace convoy

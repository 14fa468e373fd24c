// KxK on PLAIN, as images come: few channels, so that sixteen lanes of a pixel would be mostly empty. The left operand
// holds the input rows of a block with their padding, columns sorted by their remainder modulo the stride:
//
//   [channel][input row][remainder][column]
//
// For a given tap, output pixels of a row are then neighbouring floats, whatever the stride, and every float of the
// image is copied at most once: rows and remainders that no tap reads are not.
#include <algorithm>
#include <cstring>

#include "ops/tap_conv.h"

namespace convoy {
namespace {

class DirectPlain final : public TapConv {
 public:
  DirectPlain(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("direct-plain", problem, problem.out.h, problem.out.w, problem.out.w),
        channels_(std::min(kBlock, problem.in.c)),
        columns_(problem.out.w + ceil_div(window().reach_w(), window().stride_w)),
        reads_row_(window().stride_h),
        column_remainders_(remainders(window().kernel_w, window().dilation_w, window().stride_w)) {
    for (const int64_t remainder : remainders(window().kernel_h, window().dilation_h, window().stride_h)) {
      reads_row_[remainder] = true;
    }
    prepare(weights, bias);
  }

 protected:
  int64_t slab_floats(int rows) const override { return channels_ * plane_floats(rows); }

  void slab_taps(int slab, int rows, std::vector<gemm::Tap>& taps) const override {
    for (int kh = 0; kh < window().kernel_h; ++kh) {
      for (int kw = 0; kw < window().kernel_w; ++kw) {
        const int64_t column = int64_t{kw} * window().dilation_w;
        for (int c = 0; c < slab_channels(slab); ++c) {
          taps.push_back({c * plane_floats(rows) + int64_t{kh} * window().dilation_h * line() +
                              place(column_remainders_, column % window().stride_w) * columns_ +
                              column / window().stride_w,
                          1});
        }
      }
    }
  }

  int64_t pixel_stride() const override { return 1; }
  int64_t row_stride() const override { return window().stride_h * line(); }

  void pack(const float* image, int, int slab, int begin, int end, float* to) const override {
    const Value& in = problem_.in;
    const int64_t first = int64_t{begin} * window().stride_h - window().top;
    for (int c = 0; c < slab_channels(slab); ++c) {
      const float* plane = image + (int64_t{slab} * kBlock + c) * in.pixels();
      float* row = to + c * plane_floats(block_rows());
      int64_t remainder = 0;
      for (int64_t y = first; y < first + stored_rows(end - begin); ++y, row += line()) {
        if (reads_row_[remainder]) {
          copy_row(y < 0 || y >= in.h ? nullptr : plane + y * in.w, row);
        }
        remainder = remainder + 1 == window().stride_h ? 0 : remainder + 1;
      }
    }
  }

 private:
  // Of the taps' places modulo the stride, in order.
  static std::vector<int64_t> remainders(int64_t kernel, int64_t dilation, int64_t stride) {
    std::vector<int64_t> all;
    for (int64_t tap = 0; tap < kernel; ++tap) {
      all.push_back(tap * dilation % stride);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  static int64_t place(const std::vector<int64_t>& remainders, int64_t remainder) {
    return std::lower_bound(remainders.begin(), remainders.end(), remainder) - remainders.begin();
  }

  const Window& window() const { return problem_.window; }
  int64_t line() const { return static_cast<int64_t>(column_remainders_.size()) * columns_; }
  int64_t stored_rows(int rows) const { return int64_t{rows - 1} * window().stride_h + window().reach_h(); }
  // a cache line more, so that planes are no power of two apart
  int64_t plane_floats(int rows) const { return stored_rows(rows) * line() + kBlock; }

  // from: the input row, null on the padding.
  void copy_row(const float* from, float* to) const {
    const int64_t stride = window().stride_w;
    for (const int64_t remainder : column_remainders_) {
      const int64_t shift = remainder - window().left;  // columns x whose input column x * stride + shift exists
      const int64_t begin = shift >= 0 ? 0 : std::min(columns_, ceil_div(-shift, stride));
      const int64_t in_width = from == nullptr ? 0 : problem_.in.w;
      const int64_t end = in_width <= shift ? begin : std::clamp(ceil_div(in_width - shift, stride), begin, columns_);
      std::memset(to, 0, begin * sizeof(float));
      stride == 1   ? copy<1>(from, shift, begin, end, to)
      : stride == 2 ? copy<2>(from, shift, begin, end, to)
                    : copy<0>(from, shift, begin, end, to);
      std::memset(to + end, 0, (columns_ - end) * sizeof(float));
      to += columns_;
    }
  }

  // kStride: that of the columns, as far as a compiler would want to know it, otherwise 0.
  template <int kStride>
  void copy(const float* from, int64_t shift, int64_t begin, int64_t end, float* to) const {
    const int64_t stride = kStride != 0 ? kStride : window().stride_w;
    for (int64_t x = begin; x < end; ++x) {
      to[x] = from[x * stride + shift];
    }
  }

  const int channels_;           // of the widest slab
  const int64_t columns_;        // of a remainder
  std::vector<bool> reads_row_;  // a tap, by the remainder of the row
  const std::vector<int64_t> column_remainders_;
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_PLAIN) {
    return "reads PLAIN only";
  }
  return problem.groups != 1 ? "groups" : "";
}

}  // namespace

const ConvAlgorithm kDirectPlain = {
    "direct-plain", true, refusal, [](const Convolution& problem, const float* weights, const float* bias) {
      return std::unique_ptr<Step>(std::make_unique<DirectPlain>(problem, weights, bias));
    }};

}  // namespace convoy

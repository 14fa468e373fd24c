// KxK on BLOCKED16, any stride, dilation and padding. Not im2col: only the kernel's columns are laid side by side, its
// rows are shared. A slab of the left operand is
//
//   [kernel column][phase][stored row][output column][16]        (stored_rows.h)
//
// For a given tap, output pixels lie one behind the other, across the ends of rows, so that tiles fill up whatever the
// width of the image: 7x7 is 49 pixels. Each input pixel is copied kernel_w / stride_w times and then used kernel_h *
// (output channels) times.
#include <algorithm>
#include <cstring>

#include "ops/stored_rows.h"
#include "ops/tap_conv.h"

namespace convoy {
namespace {

class Direct final : public TapConv {
 public:
  Direct(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("direct", problem, problem.out.h, problem.out.w), stored_(problem.window) {
    prepare(weights, bias);
  }

 protected:
  int64_t slab_floats(int rows) const override {
    return int64_t{problem_.window.kernel_w} * stored_.phases() * plane_floats(rows);
  }

  void slab_taps(int slab, int rows, std::vector<gemm::Tap>& taps) const override {
    for (int kh = 0; kh < problem_.window.kernel_h; ++kh) {
      for (int kw = 0; kw < problem_.window.kernel_w; ++kw) {
        const int64_t plane = int64_t{kw} * stored_.phases() + stored_.phase(kh);
        taps.push_back({plane * plane_floats(rows) + stored_.row(kh) * row_floats(), slab_channels(slab)});
      }
    }
  }

  void pack(const float* image, int, int slab, int begin, int end, float* to, float*) const override {
    const Value& in = problem_.in;
    const float* channels = image + slab * in.pixels() * kBlock;
    const int64_t plane = plane_floats(block_rows());
    stored_.each(begin, end, [&](int phase, int64_t row, int64_t y) {
      const float* from = y < 0 || y >= in.h ? nullptr : channels + y * in.w * kBlock;
      for (int kw = 0; kw < problem_.window.kernel_w; ++kw) {
        copy_row(from, kw, to + (int64_t{kw} * stored_.phases() + phase) * plane + row * row_floats());
      }
    });
  }

 private:
  int64_t row_floats() const { return int64_t{problem_.out.w} * kBlock; }
  // a cache line more, so that planes are no power of two apart
  int64_t plane_floats(int rows) const { return stored_.rows(rows) * row_floats() + kBlock; }

  // What the kernel's column kw meets along an output row; from: the input row, null on the padding.
  void copy_row(const float* from, int kw, float* to) const {
    const Window& window = problem_.window;
    const int64_t shift = int64_t{kw} * window.dilation_w - window.left, stride = window.stride_w;
    const int64_t width = problem_.out.w, in_width = from == nullptr ? 0 : problem_.in.w;
    // output columns x whose input column x * stride + shift exists
    const int64_t begin = shift >= 0 ? 0 : std::min(width, ceil_div(-shift, stride));
    const int64_t end = in_width <= shift ? begin : std::clamp(ceil_div(in_width - shift, stride), begin, width);
    std::memset(to, 0, begin * kBlock * sizeof(float));
    if (stride == 1 && begin < end) {
      std::memcpy(to + begin * kBlock, from + (begin + shift) * kBlock, (end - begin) * kBlock * sizeof(float));
    } else {
      for (int64_t x = begin; x < end; ++x) {
        std::memcpy(to + x * kBlock, from + (x * stride + shift) * kBlock, kBlock * sizeof(float));
      }
    }
    std::memset(to + end * kBlock, 0, (width - end) * kBlock * sizeof(float));
  }

  const StoredRows stored_;
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  return problem.groups != 1 ? "groups" : "";
}

}  // namespace

const ConvAlgorithm kDirect = {"direct", refusal,
                               [](const Convolution& problem, const float* weights, const float* bias) {
                                 return std::unique_ptr<Step>(std::make_unique<Direct>(problem, weights, bias));
                               }};

}  // namespace convoy

// From PLAIN to a few output channels: a vector is sixteen neighbouring pixels of one channel (LeNet's first layer has
// one channel in and six out). Rows are read where they lie, or from a padded copy.
#include <algorithm>
#include <cstring>

#include "kernels/planar/planar.h"
#include "ops/convolution.h"
#include "ops/pieces.h"

namespace convoy {
namespace {

constexpr int kMostKernelRows = 16;
constexpr int kMostChannels = 4;

class Planar final : public Step {
 public:
  Planar(const Convolution& problem, const float* weights, const float* bias)
      : problem_(problem),
        kernel_(planar::kernel(problem.isa)),
        padded_width_(int64_t{problem.in.w} + problem.window.left + problem.window.right),
        zeros_(padded_width_),
        weights_(problem.weight_count()),
        bias_(problem.out.c) {
    algorithm = std::string("planar ") + isa_name(static_cast<int32_t>(problem.isa));
    const int64_t taps = int64_t{problem.window.kernel_h} * problem.window.kernel_w;
    for (int o = 0; o < problem.out.c; ++o) {
      for (int c = 0; c < problem.in.c; ++c) {
        for (int64_t tap = 0; tap < taps; ++tap) {
          weights_.data()[(tap * problem.in.c + c) * problem.out.c + o] = weights[(o * problem.in.c + c) * taps + tap];
        }
      }
      bias_.data()[o] = bias == nullptr ? 0.0f : bias[o] + 0.0f;
    }
  }

  int64_t scratch_floats() const override {
    return padded_width_ == problem_.in.w ? 0 : problem_.window.kernel_h * problem_.in.c * padded_width_;
  }
  int64_t parameter_bytes() const override { return weights_.bytes() + bias_.bytes(); }

  void run(const Run& whole) const override {
    const Run run = whole.worth(problem_.macs() * whole.batch);
    for_pieces(run, run.batch, problem_.out.h, problem_.out.w,
               [&](int64_t image, int64_t begin, int64_t end, int slot) {
                 for (int64_t y = begin; y < end; ++y) {
                   row(run, image, y, run.scratch_of(slot));
                 }
               });
  }

 private:
  void row(const Run& run, int64_t image, int64_t y, float* scratch) const {
    const Window& window = problem_.window;
    const Value& in = problem_.in;
    const float* rows[kMostKernelRows * kMostChannels];
    const float** to = rows;
    for (int kh = 0; kh < window.kernel_h; ++kh) {
      const int64_t in_y = y * window.stride_h + int64_t{kh} * window.dilation_h - window.top;
      for (int c = 0; c < in.c; ++c, scratch += padded_width_) {
        *to++ = in_y < 0 || in_y >= in.h ? zeros_.data()
                                         : padded(run.image(in, image) + (c * int64_t{in.h} + in_y) * in.w, scratch);
      }
    }
    planar::Row r{};
    r.rows = rows;
    r.weights = weights_.data();
    r.bias = bias_.data();
    r.out = run.image(problem_.out, image) + y * problem_.out.w * kBlock;
    r.out_width = problem_.out.w;
    r.kernel_h = window.kernel_h;
    r.kernel_w = window.kernel_w;
    r.channels = in.c;
    r.dilation = window.dilation_w;
    r.outputs = problem_.out.c;
    r.activation = problem_.activation;
    r.alpha = problem_.alpha;
    kernel_(r);
  }

  // The row itself if nothing is padded, otherwise a copy at `to`.
  const float* padded(const float* from, float* to) const {
    if (padded_width_ == problem_.in.w) {
      return from;
    }
    const int left = problem_.window.left;
    std::fill(to, to + left, 0.0f);
    std::memcpy(to + left, from, problem_.in.w * sizeof(float));
    std::fill(to + left + problem_.in.w, to + padded_width_, 0.0f);
    return to;
  }

  const Convolution problem_;
  const planar::Function kernel_;
  const int64_t padded_width_;
  AlignedBuffer zeros_;  // a row on the padding
  AlignedBuffer weights_;
  AlignedBuffer bias_;
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_PLAIN) {
    return "reads PLAIN only";
  }
  if (problem.groups != 1) {
    return "groups";
  }
  if (problem.out.c > planar::kMostOutputs) {
    return "more than 8 output channels";
  }
  if (problem.in.c > kMostChannels || problem.window.kernel_h > kMostKernelRows) {
    return "more than 4 input channels or 16 kernel rows";
  }
  return problem.window.stride_w != 1 || problem.has_residual ? "a stride along the row, or a residual" : "";
}

}  // namespace

const ConvAlgorithm kPlanar = {"planar", false, refusal,
                               [](const Convolution& problem, const float* weights, const float* bias) {
                                 return std::unique_ptr<Step>(std::make_unique<Planar>(problem, weights, bias));
                               }};

}  // namespace convoy

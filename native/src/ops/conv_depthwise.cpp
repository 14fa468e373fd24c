// One filter per channel: sixteen channels of a pixel are one vector, no products are shared.
#include <algorithm>
#include <cstring>

#include "kernels/depthwise/tables.h"
#include "ops/convolution.h"

namespace convoy {
namespace {

constexpr int kMostKernelRows = 64;

// What a Row asks for in advance: where the input does not stay in the level-2 cache, and only with a stride. Zen 4, 96
// channels of 112 x 112, stride 2: 33 to 45 % quicker in `bench compare --layers`, where results come back cold, 12 %
// slower in a loop over one hot tensor; with stride 1 slower in both.
int64_t ahead(const Convolution& problem) {
  const bool near = problem.in.rolling() || problem.in.floats() * static_cast<int64_t>(sizeof(float)) <= l2_bytes();
  return near || problem.window.stride_w == 1 ? 0 : int64_t{problem.window.stride_h} * problem.in.w * kBlock;
}

class Depthwise final : public BandStep {
 public:
  Depthwise(const Convolution& problem, const float* weights, const float* bias)
      : problem_(problem),
        kernel_(depthwise::kernel(problem.isa, problem.window.kernel_w, problem.window.stride_w,
                                  problem.window.dilation_w)),
        ahead_(ahead(problem)),
        zeros_(int64_t{problem.in.w} * kBlock) {
    algorithm = std::string("depthwise 7x16 ") + isa_name(static_cast<int32_t>(problem.isa));
    const int64_t taps = int64_t{problem.window.kernel_h} * problem.window.kernel_w;
    weights_ = AlignedBuffer(problem.in.blocks() * taps * kBlock);
    bias_ = AlignedBuffer(int64_t{problem.in.blocks()} * kBlock);
    for (int c = 0; c < problem.in.c; ++c) {
      for (int64_t tap = 0; tap < taps; ++tap) {
        weights_.data()[(c / kBlock * taps + tap) * kBlock + c % kBlock] = weights[c * taps + tap];
      }
      bias_.data()[c] = bias == nullptr ? 0.0f : bias[c] + 0.0f;
    }
  }

  int64_t parameter_bytes() const override { return weights_.bytes() + bias_.bytes(); }

  void run(const Run& whole) const override {
    constexpr int64_t kWeight = 4;  // what a product costs that shares its operands with no other
    const Run run = whole.worth(kWeight * problem_.macs() * whole.batch);
    const int blocks = problem_.out.blocks(), height = problem_.out.h;
    const int64_t planes = int64_t{run.batch} * blocks;
    // A thread that gets no image of its own takes rows, as in the convolutions around: they lie in its cache.
    const bool whole_planes = run.threads == 1 || (run.batch >= run.threads && planes >= 8 * run.threads);
    const int64_t parts = whole_planes ? 1 : std::min(height, 2 * run.threads);
    run.parallel(planes * parts, [&](int64_t task, int) {
      const int64_t plane = task % planes, part = task / planes;
      rows(run, plane / blocks, static_cast<int>(plane % blocks), static_cast<int>(height * part / parts),
           static_cast<int>(height * (part + 1) / parts));
    });
  }

  Rows needs(Rows out) const override { return problem_.needs(out); }

  void run_rows(const Run& run, int64_t image, Rows out) const override {
    for (int block = 0; block < problem_.out.blocks(); ++block) {
      rows(run, image, block, out.begin, out.end);
    }
  }

 private:
  void rows(const Run& run, int64_t image, int block, int begin, int end) const {
    const Window& window = problem_.window;
    const Value &in = problem_.in, &out = problem_.out;
    const float* plane = run.image(in, image) + block * in.plane();
    const int64_t out_plane = block * out.plane();
    const float* input_rows[kMostKernelRows];
    depthwise::Row row{};
    row.rows = input_rows;
    row.zeros = zeros_.data();
    row.weights = weights_.data() + int64_t{block} * window.kernel_h * window.kernel_w * kBlock;
    row.bias = bias_.data() + block * kBlock;
    row.in_width = in.w;
    row.out_width = out.w;
    row.kernel_h = window.kernel_h;
    row.kernel_w = window.kernel_w;
    row.stride = window.stride_w;
    row.dilation = window.dilation_w;
    row.left = window.left;
    row.ahead = ahead_;
    row.lanes = std::min(kBlock, out.c - block * kBlock);
    row.activation = problem_.activation;
    row.alpha = problem_.alpha;
    for (int y = begin; y < end; ++y) {
      for (int kh = 0; kh < window.kernel_h; ++kh) {
        const int64_t in_y = int64_t{y} * window.stride_h + int64_t{kh} * window.dilation_h - window.top;
        input_rows[kh] = in_y < 0 || in_y >= in.h ? zeros_.data() : plane + in_y % in.rows() * in.w * kBlock;
      }
      const int64_t at = out_plane + int64_t{y % out.rows()} * out.w * kBlock;
      row.out = run.image(out, image) + at;
      row.residual = problem_.has_residual ? run.image(problem_.residual, image) + at : nullptr;
      kernel_(row);
    }
  }

  const Convolution problem_;
  const depthwise::Function kernel_;
  const int64_t ahead_;
  AlignedBuffer zeros_;  // a row on the padding
  AlignedBuffer weights_;
  AlignedBuffer bias_;
};

std::string refusal(const Convolution& problem) {
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  if (problem.groups != problem.in.c || problem.out.c != problem.in.c) {
    return "not one filter per channel";
  }
  return problem.window.kernel_h > kMostKernelRows ? "more than 64 kernel rows" : "";
}

}  // namespace

const ConvAlgorithm kDepthwise = {"depthwise", true, refusal,
                                  [](const Convolution& problem, const float* weights, const float* bias) {
                                    return std::unique_ptr<Step>(std::make_unique<Depthwise>(problem, weights, bias));
                                  }};

}  // namespace convoy

// One filter per channel: sixteen channels of a pixel are one vector, no products are shared.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/caches.h"
#include "kernels/depthwise/depthwise.h"
#include "ops/convolution.h"
#include "ops/machine.h"

namespace convoy {
namespace {

// What a Band asks for in advance: where the input does not stay in the level-2 cache, and only with a stride. Zen 4,
// 96 channels of 112 x 112, stride 2: 33 to 45 % quicker in `bench compare --layers`, where results come back cold, 12
// % slower in a loop over one hot tensor; with stride 1 slower in both. Emerald Rapids reads all that its level-3 cache
// gives (21 GB/s) by itself: 9 % slower with the prefetches.
int64_t ahead(const Convolution& problem) {
  const bool near = problem.in.rolling() || problem.in.floats() * static_cast<int64_t>(sizeof(float)) <= l2_bytes();
  return near || problem.window.stride_w == 1 || !splits_wide_vectors()
             ? 0
             : int64_t{problem.window.stride_h} * problem.in.w * kBlock;
}

class Depthwise final : public BandStep {
 public:
  Depthwise(const Convolution& problem, const float* weights, const float* bias)
      : problem_(problem), rows_(int64_t{problem.out.h - 1} * problem.window.stride_h + problem.window.reach_h()) {
    algorithm = std::string("depthwise ") + isa_name(static_cast<int32_t>(problem.isa));
    const int64_t taps = int64_t{problem.window.kernel_h} * problem.window.kernel_w;
    weights_ = AlignedBuffer(problem.in.blocks() * taps * kBlock);
    bias_ = AlignedBuffer(int64_t{problem.in.blocks()} * kBlock);
    for (int c = 0; c < problem.in.c; ++c) {
      for (int64_t tap = 0; tap < taps; ++tap) {
        weights_.data()[(c / kBlock * taps + tap) * kBlock + c % kBlock] = weights[c * taps + tap];
      }
      bias_.data()[c] = bias == nullptr ? 0.0f : bias[c] + 0.0f;
    }
    const bool finite =
        std::all_of(weights, weights + problem.weight_count(), [](float w) { return std::isfinite(w); });
    kernel_ = depthwise::kernel(problem.isa, finite ? problem.window.kernel_w : 0, problem.window.stride_w,
                                problem.window.dilation_w);
    for (size_t i = 0; i < rows_.size(); ++i) {
      const int64_t y = static_cast<int64_t>(i) - problem.window.top;
      rows_[i] = y < 0 || y >= problem.in.h ? -1 : y % problem.in.rows() * problem.in.w * kBlock;
    }
    describe();
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
  // What is the same in every plane.
  void describe() {
    const Window& window = problem_.window;
    band_.rows = rows_.data();
    band_.in_width = problem_.in.w;
    band_.out_width = problem_.out.w;
    band_.out_rows = problem_.out.rows();
    band_.kernel_h = window.kernel_h;
    band_.kernel_w = window.kernel_w;
    band_.stride_h = window.stride_h;
    band_.dilation_h = window.dilation_h;
    band_.stride_w = window.stride_w;
    band_.dilation_w = window.dilation_w;
    band_.left = window.left;
    band_.ahead = ahead(problem_);
    band_.activation = problem_.activation;
    band_.alpha = problem_.alpha;
  }

  void rows(const Run& run, int64_t image, int block, int begin, int end) const {
    const int64_t taps = int64_t{problem_.window.kernel_h} * problem_.window.kernel_w;
    const int64_t out_plane = block * problem_.out.plane();
    depthwise::Band band = band_;
    band.in = run.image(problem_.in, image) + block * problem_.in.plane();
    band.weights = weights_.data() + block * taps * kBlock;
    band.bias = bias_.data() + block * kBlock;
    band.residual = problem_.has_residual ? run.image(problem_.residual, image) + out_plane : nullptr;
    band.out = run.image(problem_.out, image) + out_plane;
    band.begin = begin;
    band.end = end;
    band.lanes = std::min(kBlock, problem_.out.c - block * kBlock);
    kernel_(band);
  }

  const Convolution problem_;
  depthwise::Function kernel_;
  depthwise::Band band_{};
  std::vector<int64_t> rows_;  // of the input and its padding: where in a block's plane
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
  return "";
}

}  // namespace

const ConvAlgorithm kDepthwise = {"depthwise", true, refusal,
                                  [](const Convolution& problem, const float* weights, const float* bias) {
                                    return std::unique_ptr<Step>(std::make_unique<Depthwise>(problem, weights, bias));
                                  }};

}  // namespace convoy

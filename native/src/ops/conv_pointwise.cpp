// 1x1, stride 1, no padding: a block of BLOCKED16 is a slab of the left operand as it lies.
#include "ops/tap_conv.h"

namespace convoy {
namespace {

class Pointwise final : public TapConv {
 public:
  Pointwise(const Convolution& problem, const float* weights, const float* bias)
      : TapConv("pointwise", problem, static_cast<int>(problem.in.pixels()), 1, problem.in.pixels()) {
    prepare(weights, bias);
  }

 protected:
  bool in_place() const override { return true; }
  int64_t slab_floats(int rows) const override { return int64_t{rows} * kBlock; }
  void slab_taps(int slab, int, std::vector<gemm::Tap>& taps) const override {
    taps.push_back({0, slab_channels(slab)});
  }
  void pack(const float*, int, int, int, int, float*) const override {}
};

std::string refusal(const Convolution& problem) {
  const std::string reason = refusal_of_pointwise(problem);
  if (!reason.empty()) {
    return reason;
  }
  if (problem.window.stride_h != 1 || problem.window.stride_w != 1) {
    return "stride";
  }
  return problem.in.pixels() > INT32_MAX ? "more than 2^31 pixels" : "";
}

}  // namespace

std::string refusal_of_pointwise(const Convolution& problem) {
  const Window& w = problem.window;
  if (problem.in.layout != CONVOY_BLOCKED16) {
    return "reads BLOCKED16 only";
  }
  if (w.kernel_h != 1 || w.kernel_w != 1) {
    return "the kernel is not 1x1";
  }
  if (w.padded()) {
    return "padding";
  }
  return problem.groups != 1 ? "groups" : "";
}

const ConvAlgorithm kPointwise = {"pointwise", true, refusal,
                                  [](const Convolution& problem, const float* weights, const float* bias) {
                                    return std::unique_ptr<Step>(std::make_unique<Pointwise>(problem, weights, bias));
                                  }};

}  // namespace convoy

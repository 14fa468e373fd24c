#include "base/pool.h"
#include "ops/accelerators.h"
#include "ops/convolution.h"
#include "ops/estimate.h"

namespace convoy {
namespace {

convoy_layer layer_of(const Convolution& p) {
  const Window& w = p.window;
  return {
      CONVOY_LAYER_CONV,
      static_cast<int32_t>(p.isa),
      p.max_batch,
      pool_threads(),
      p.in.layout,
      p.in.c,
      p.in.h,
      p.in.w,
      p.out.c,
      p.out.h,
      p.out.w,
      {w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.top, w.left, w.bottom, w.right},
      p.groups,
      p.has_residual,
      p.activation,
      p.alpha};
}

std::string refusal(const ConvAlgorithm& algorithm, const Convolution& problem) {
  return problem.rolling() && !algorithm.bands ? "computes whole images only, not bands" : algorithm.refusal(problem);
}

}  // namespace

// The order is the policy.
const std::vector<const ConvAlgorithm*>& conv_algorithms() {
  static const std::vector<const ConvAlgorithm*> algorithms = {
      &kDepthwise,    // vector per pixel: no tile of it would fill a register of output channels
      &kConvLinear,   // nothing but weights to read
      &kPointwise,    // BLOCKED16 already is the left operand of the GEMM
      &kWinograd4,    // a quarter of the multiplications
      &kWinograd3,    // of stride 2: a phase of every second pixel after the other
      &kWinograd2,    // fewer bytes of filters: two fifths of 4x4's
      &kDirect,       // kernel columns side by side, kernel rows shared
      &kPlanar,       // so few output channels that their lanes would be empty
      &kDirectPlain,  // few channels, as images come
      &kIm2colGemm,   // anything
  };
  return algorithms;
}

std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const char* only) {
  Preference preference;
  preference.required = only == nullptr ? "" : only;
  return make_convolution(problem, weights, bias, preference);
}

std::unique_ptr<Step> make_convolution(const Convolution& problem, const float* weights, const float* bias,
                                       const Preference& preference) {
  std::vector<Candidate> candidates;
  for (const std::string& family : preference.families) {
    if (const Accelerator* accelerator = find_family(family)) {
      if (problem.rolling()) {
        continue;
      }
      candidates.push_back(accelerator->candidate(layer_of(problem), problem.mode, problem.in, problem.out,
                                                  problem.has_residual ? &problem.residual : nullptr, weights, bias));
      continue;
    }
    for (const ConvAlgorithm* algorithm : conv_algorithms()) {
      candidates.push_back({algorithm->name, [=, &problem] { return refusal(*algorithm, problem); },
                            [=, &problem] { return estimated_cost(algorithm->name, layer_of(problem)); },
                            [=, &problem] { return algorithm->make(problem, weights, bias); }, true});
    }
  }
  return preference.choose(candidates, "convolution");
}

}  // namespace convoy

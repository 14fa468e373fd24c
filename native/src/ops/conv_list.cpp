#include "base/status.h"
#include "ops/convolution.h"

namespace convoy {

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
  std::string refusals;
  for (const ConvAlgorithm* algorithm : conv_algorithms()) {
    if (only != nullptr && std::string(only) != algorithm->name) {
      continue;
    }
    std::string refusal = algorithm->refusal(problem);
    if (refusal.empty()) {
      std::unique_ptr<Step> step = algorithm->make(problem, weights, bias);
      step->refusals = refusals;
      return step;
    }
    refusals += (refusals.empty() ? "" : "\n") + std::string(algorithm->name) + ": " + refusal;
  }
  throw Error(CONVOY_UNSUPPORTED, "no algorithm takes this convolution\n" + refusals);
}

}  // namespace convoy

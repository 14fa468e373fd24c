// What follows a matrix product: bias, residual, activation.
#include <algorithm>
#include <cmath>

#include "layers.h"

namespace convoy::openblas {
namespace {

template <class Function>
void apply(float* x, int count, Function&& function) {
  for (int i = 0; i < count; ++i) {
    x[i] = function(x[i]);
  }
}

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
float hard_sigmoid(float x) { return std::min(std::max(x + 3, 0.0f), 6.0f) / 6; }
float softplus(float x) { return std::max(x, 0.0f) + std::log1p(std::exp(-std::fabs(x))); }

}  // namespace

void finish(float* x, int count, const float* bias, const float* residual, int activation, float alpha) {
  if (bias != nullptr) {
    for (int i = 0; i < count; ++i) x[i] += bias[i];
  }
  if (residual != nullptr) {
    for (int i = 0; i < count; ++i) x[i] += residual[i];
  }
  switch (activation) {
    case CONVOY_IDENTITY:
      return;
    case CONVOY_RELU:
      return apply(x, count, [](float v) { return v < 0 ? 0 : v; });
    case CONVOY_RELU6:
      return apply(x, count, [](float v) { return v < 0 ? 0 : v > 6 ? 6 : v; });
    case CONVOY_LEAKY_RELU:
      return apply(x, count, [=](float v) { return v < 0 ? alpha * v : v; });
    case CONVOY_HARD_SIGMOID:
      return apply(x, count, hard_sigmoid);
    case CONVOY_HARD_SWISH:
      return apply(x, count, [](float v) { return v * hard_sigmoid(v); });
    case CONVOY_SIGMOID:
      return apply(x, count, sigmoid);
    case CONVOY_TANH:
      return apply(x, count, [](float v) { return std::tanh(v); });
    case CONVOY_SILU:
      return apply(x, count, [](float v) { return v * sigmoid(v); });
    case CONVOY_ELU:
      return apply(x, count, [=](float v) { return v < 0 ? alpha * std::expm1(v) : v; });
    case CONVOY_GELU:
      return apply(x, count, [](float v) { return 0.5f * v * std::erfc(-v * 0.70710678f); });
    case CONVOY_SOFTPLUS:
      return apply(x, count, softplus);
    default:  // CONVOY_MISH
      return apply(x, count, [](float v) { return v * std::tanh(softplus(v)); });
  }
}

}  // namespace convoy::openblas

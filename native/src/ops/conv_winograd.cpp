// Where Winograd is taken, and at which size of tile: where an estimate says that it is quickest.
#include <algorithm>

#include "ops/machine.h"
#include "ops/winograd_conv.h"

namespace convoy {
namespace {

// How many times as large as the filter its points may be in COMPACT mode.
constexpr int kCompact = 2;

winograd::Kernel kernel(const Convolution& p, int size) {
  const Window& w = p.window;
  return winograd::kernel(p.isa, size, static_cast<int>(ceil_div(w.kernel_h, w.stride_h)),
                          static_cast<int>(ceil_div(w.kernel_w, w.stride_w)));
}

// Why there can be no tiles of this size, in a sentence.
std::string misfit(const Convolution& problem, int size) {
  const Window& w = problem.window;
  if (problem.mode == CONVOY_EXACT) {
    return "its sums have another order than EXACT promises";
  }
  const bool plain = problem.in.layout == CONVOY_PLAIN;
  if (w.stride_h != w.stride_w || (w.stride_h > 2 && !plain)) {
    return "stride";
  }
  const winograd::Kernel tile = kernel(problem, size);
  if (tile.input == nullptr) {
    return "no tiles of this size for a kernel of " + std::to_string(w.kernel_h) + "x" + std::to_string(w.kernel_w) +
           (w.stride_h > 1 ? " with stride " + std::to_string(w.stride_h) : "");
  }
  if (w.dilation_h != 1 || w.dilation_w != 1) {
    return "dilation";
  }
  if (problem.groups != 1) {
    return "groups";
  }
  const int taps = w.kernel_h * w.kernel_w, kept = tile.h.points() * tile.w.points() * w.stride_h * w.stride_w;
  if (problem.mode == CONVOY_COMPACT && kept > kCompact * taps) {
    return "COMPACT: a filter of " + std::to_string(taps) + " would be kept as " + std::to_string(kept) + " points";
  }
  return "";
}

template <int kSize>
std::unique_ptr<Step> make(const Convolution& problem, const float* weights, const float* bias) {
  return std::make_unique<WinogradConv>(problem, kernel(problem, kSize), weights, bias);
}

double reading(const Machine& m, double bytes) { return bytes * (bytes <= m.near_bytes ? m.near_byte : m.far_byte); }

double direct_cost(const Convolution& p, const Machine& m) {
  const double lanes = p.out.blocks() * kBlock, pixels = static_cast<double>(p.out.pixels()) * p.max_batch;
  const double k = static_cast<double>(p.window.kernel_h) * p.window.kernel_w * p.in.c;
  return 2 * pixels * (k + m.extra_k) * lanes / m.direct_rate + m.direct_bytes * reading(m, 4 * k * lanes);
}

// Phases that have a part in a point, on average: those with fewer taps have none at infinity.
double parts(int kernel, int stride, const winograd::Axis& axis) {
  double parts = stride;
  for (int phase = 0; phase < stride; ++phase) {
    parts -= ceil_div(kernel - phase, stride) < axis.taps ? 1.0 / axis.points() : 0;
  }
  return parts;
}

double winograd_cost(const Convolution& p, int size, const Machine& m) {
  if (p.in.layout == CONVOY_PLAIN) {
    return winograd_cost(Folding(p).folded(), size, m);
  }
  const winograd::Kernel tile = kernel(p, size);
  const Window& w = p.window;
  const double lanes = p.out.blocks() * kBlock, all_points = tile.h.points() * tile.w.points();
  const double points = static_cast<double>(WinogradTiles(p.out.h, p.out.w, tile.h, tile.w).points()) * p.max_batch;
  const double k = p.in.c * parts(w.kernel_h, w.stride_h, tile.h) * parts(w.kernel_w, w.stride_w, tile.w);
  return points * (2 * (k + m.extra_k) * lanes + m.input_point * p.in.blocks() * w.stride_h * w.stride_w +
                   m.output_point * p.out.blocks()) +
         m.point_filters * all_points * p.out.blocks() + reading(m, 4 * all_points * k * lanes);
}

template <int kSize>
std::string refusal(const Convolution& problem) {
  const std::string cannot = misfit(problem, kSize);
  if (!cannot.empty()) {
    return cannot;
  }
  const Machine& here = machine(problem.isa);
  const double cost = winograd_cost(problem, kSize, here);
  if (cost > direct_cost(problem, here)) {
    return "transforms and reading the larger filters would take longer than the multiplications saved";
  }
  for (int other : {2, 3, 4}) {
    if (other != kSize && misfit(problem, other).empty() && winograd_cost(problem, other, here) < cost) {
      return "tiles of " + std::to_string(other) + "x" + std::to_string(other) + " are quicker here";
    }
  }
  return "";
}

}  // namespace

const ConvAlgorithm kWinograd4 = {"winograd-4x4", false, refusal<4>, make<4>};
const ConvAlgorithm kWinograd3 = {"winograd-3x3", false, refusal<3>, make<3>};
const ConvAlgorithm kWinograd2 = {"winograd-2x2", false, refusal<2>, make<2>};

}  // namespace convoy

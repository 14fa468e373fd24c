#include "ops/tiling.h"

#include <algorithm>
#include <functional>

#include "ops/machine.h"
#include "program/program.h"

namespace convoy {
namespace {

// Cycles of a tile, from convoy_bench --kernels with depths of 16 to 256. The stores at its end hold up the next tile.
double cycles(int rows, int columns, int64_t depth, int lanes) {
  if (lanes == 16 && splits_wide_vectors()) {
    // Zen 4. Half a vector is half the work. A multiply-add and two loads each cycle: a single column may load its rows
    // as it multiplies. A large tile's stores fill the queue and take longer than in proportion.
    constexpr double kEnd = 10, kStore = 5, kQueued = 10;
    const double vectors = rows * static_cast<double>(columns) / lanes;
    return (std::max(vectors, 4.0) + 0.2) * static_cast<double>(depth) + kEnd +
           kStore * std::max(0.0, vectors - kQueued);
  }
  // Emerald Rapids. Two multiply-adds and two loads a cycle, chains four cycles long.
  constexpr double kLatency = 4.7, kStep = 0.1, kEnd = 15, kStore = 1.8;
  const int wide = (columns + lanes - 1) / lanes, vectors = rows * wide;
  return (std::max({vectors / 2.0, (rows + wide) / 2.0, kLatency}) + kStep) * static_cast<double>(depth) + kEnd +
         kStore * vectors;
}

}  // namespace

Tiling::Tiling(Isa isa, int64_t rows, int columns, int64_t depth) {
  const gemm::Table& table = gemm::table(isa);
  for (int i = 0; i < table.count; ++i) {
    const gemm::Kernel& kernel = table.kernels[i];
    widths_[kernel.columns / kStep].kernels[kernel.rows] = kernel.function;
  }
  const int lanes = isa == Isa::avx2 ? 8 : 16;
  for (int step = 1; step <= kMostSteps; ++step) {
    Width& width = widths_[step];
    for (int most = 1; most <= table.most_rows(step * kStep); ++most) {
      const int64_t count = ceil_div(rows, most);
      const int64_t base = rows / count, longer = rows % count;
      const double cost =
          static_cast<double>(count - longer) * cycles(static_cast<int>(base), step * kStep, depth, lanes) +
          (longer > 0 ? static_cast<double>(longer) * cycles(static_cast<int>(base) + 1, step * kStep, depth, lanes)
                      : 0);
      if (width.rows == 0 || cost < width.cost * 0.999) {
        width.rows = most;
        width.cost = cost;
      }
    }
  }
  const std::vector<int> all = widths(columns);
  widest_ = *std::max_element(all.begin(), all.end());
}

std::vector<int> Tiling::widths(int columns) const {
  // the cheapest panels for the first n blocks: those for fewer, then a last one
  struct Cut {
    double cost;
    int last;
  };
  const int blocks = static_cast<int>(ceil_div(columns, kBlock));
  std::vector<Cut> cuts(blocks + 1);
  for (int n = 1; n <= blocks; ++n) {
    for (int width = kStep; width <= kMostSteps * kStep; width += kStep) {
      const int before = n - static_cast<int>(ceil_div(width, kBlock));
      const bool ends = width % kBlock == 0 || (n == blocks && before * kBlock + width >= columns);
      if (before < 0 || !ends || most_rows(width) == 0) {
        continue;
      }
      const double cost = cuts[before].cost + widths_[width / kStep].cost;
      if (cuts[n].last == 0 || cost < cuts[n].cost * 0.999) {
        cuts[n] = {cost, width};
      }
    }
  }
  std::vector<int> widths;
  for (int n = blocks; n > 0; n -= static_cast<int>(ceil_div(cuts[n].last, kBlock))) {
    widths.push_back(cuts[n].last);
  }
  std::reverse(widths.begin(), widths.end());
  std::sort(widths.begin(), widths.end() - (widths.back() % kBlock != 0), std::greater<>());
  return widths;
}

std::string Tiling::name() const { return std::to_string(most_rows(widest_)) + "x" + std::to_string(widest_); }

std::vector<Panel> make_panels(int groups, int group_channels, const Tiling& tiling, int64_t k) {
  std::vector<Panel> panels;
  int64_t weights = 0, bias = 0;
  for (int group = 0; group < groups; ++group) {
    const int begin = group * group_channels, end = begin + group_channels;
    int block = begin / kBlock;
    for (const int width : tiling.widths(end - block * kBlock)) {
      Panel panel{};
      panel.block = block;
      panel.width = width;
      panel.group = group;
      panel.keep = std::max(0, begin - block * kBlock);
      panel.lanes = std::min(width, end - block * kBlock);
      panel.weights = weights;
      panel.bias = bias;
      weights += width * k;
      bias += width;
      block += panel.blocks();
      panels.push_back(panel);
    }
  }
  return panels;
}

int64_t panel_weights(const std::vector<Panel>& panels, int64_t k) {
  return panels.back().weights + panels.back().width * k;
}

int64_t panel_biases(const std::vector<Panel>& panels) { return panels.back().bias + panels.back().width; }

}  // namespace convoy

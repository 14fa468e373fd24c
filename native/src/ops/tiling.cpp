#include "ops/tiling.h"

#include <algorithm>

#include "program/program.h"

namespace convoy {
namespace {

// Cycles per k of a tile: two multiply-adds and two loads each cycle, and chains four cycles long.
double cycles(int rows, int blocks, int vectors_per_block) {
  const int columns = blocks * vectors_per_block;
  return std::max({rows * columns / 2.0, (rows + columns) / 2.0, 4.0}) + 0.5;
}

}  // namespace

Tiling::Tiling(Isa isa, int64_t rows, int blocks) {
  const gemm::Table& table = gemm::table(isa);
  for (int i = 0; i < table.count; ++i) {
    const gemm::Kernel& kernel = table.kernels[i];
    kernels_[kernel.blocks][kernel.rows] = kernel.function;
    most_rows_[kernel.blocks] = std::max(most_rows_[kernel.blocks], kernel.rows);
  }
  const int vectors = isa == Isa::avx2 ? 2 : 1;
  auto cost = [&](int width) {
    const int64_t count = ceil_div(rows, most_rows_[width]);
    const int64_t base = rows / count, longer = rows % count;
    return static_cast<double>(count - longer) * cycles(static_cast<int>(base), width, vectors) +
           (longer > 0 ? static_cast<double>(longer) * cycles(static_cast<int>(base) + 1, width, vectors) : 0);
  };
  double best = 0;
  for (int width = 1; width <= kMostBlocks && width <= blocks && most_rows_[width] > 0; ++width) {
    double total = blocks / width * cost(width) + (blocks % width > 0 ? cost(blocks % width) : 0);
    if (width == 1 || total < best * 0.999) {
      best = total;
      panel_blocks_ = width;
    }
  }
}

std::string Tiling::name() const {
  return std::to_string(most_rows_[panel_blocks_]) + "x" + std::to_string(panel_blocks_ * kBlock);
}

std::vector<Panel> make_panels(int groups, int group_channels, int panel_blocks, int64_t k) {
  std::vector<Panel> panels;
  int64_t weights = 0, bias = 0;
  for (int group = 0; group < groups; ++group) {
    const int begin = group * group_channels, end = begin + group_channels;
    const int last = (end - 1) / kBlock;
    for (int block = begin / kBlock; block <= last; block += panel_blocks) {
      Panel panel{};
      panel.block = block;
      panel.blocks = std::min(panel_blocks, last + 1 - block);
      panel.group = group;
      panel.keep = std::max(0, begin - block * kBlock);
      panel.lanes = std::min(panel.width(), end - block * kBlock);
      panel.weights = weights;
      panel.bias = bias;
      weights += panel.width() * k;
      bias += panel.width();
      panels.push_back(panel);
    }
  }
  return panels;
}

int64_t panel_weights(const std::vector<Panel>& panels, int64_t k) {
  return panels.back().weights + panels.back().width() * k;
}

int64_t panel_biases(const std::vector<Panel>& panels) { return panels.back().bias + panels.back().width(); }

}  // namespace convoy

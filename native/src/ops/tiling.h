// Cutting the rows and columns of a GEMM into tiles that the kernels of an instruction set have.
#ifndef CONVOY_OPS_TILING_H
#define CONVOY_OPS_TILING_H

#include <cstdint>
#include <string>
#include <vector>

#include "base/isa.h"
#include "kernels/gemm/tables.h"

namespace convoy {

// Kernels by tile: tiling.kernel(rows, blocks).
class Tiling {
 public:
  // For `rows` rows (a typical number: any may come) and this many blocks of sixteen columns.
  Tiling(Isa isa, int64_t rows, int blocks);

  int panel_blocks() const { return panel_blocks_; }
  int most_rows(int blocks) const { return most_rows_[blocks]; }
  gemm::Function kernel(int rows, int blocks) const { return kernels_[blocks][rows]; }

  // Strips as equal as can be: 49 = 13 + 12 + 12 + 12. action(first_row, kernel) for each.
  template <class Action>
  void strips(int64_t rows, int blocks, Action&& action) const {
    const int64_t count = (rows + most_rows_[blocks] - 1) / most_rows_[blocks];
    const int64_t base = rows / count, longer = rows % count;
    int64_t row = 0;
    for (int64_t strip = 0; strip < count; ++strip) {
      int64_t height = base + (strip < longer);
      action(row, kernels_[blocks][height]);
      row += height;
    }
  }

  // "14x32", the largest tile in use.
  std::string name() const;

 private:
  static constexpr int kMostBlocks = 4, kMostRows = 14;
  gemm::Function kernels_[kMostBlocks + 1][kMostRows + 1] = {};
  int most_rows_[kMostBlocks + 1] = {};
  int panel_blocks_ = 1;
};

// Output channels that are multiplied together: `blocks` blocks of sixteen lanes from `block` on.
struct Panel {
  int block;
  int blocks;
  int group;
  int keep;         // lanes of its first block that belong to an earlier group
  int lanes;        // lanes up to the end of its group
  int64_t weights;  // where its packed weights and bias begin, in floats
  int64_t bias;

  int width() const { return blocks * 16; }
};

// The panels of `groups` groups of `group_channels` output channels, in order, with k weights per channel.
std::vector<Panel> make_panels(int groups, int group_channels, int panel_blocks, int64_t k);

// Floats behind the last panel.
int64_t panel_weights(const std::vector<Panel>& panels, int64_t k);
int64_t panel_biases(const std::vector<Panel>& panels);

}  // namespace convoy

#endif

// Cutting the rows and columns of a GEMM into tiles that the kernels of an instruction set have.
#ifndef CONVOY_OPS_TILING_H
#define CONVOY_OPS_TILING_H

#include <cstdint>
#include <string>
#include <vector>

#include "base/isa.h"
#include "kernels/gemm/gemm.h"

namespace convoy {

// Kernels by tile: tiling.kernel(rows, columns).
class Tiling {
 public:
  // For `rows` rows (a typical number: any may come), `columns` columns and sums of `depth` terms.
  Tiling(Isa isa, int64_t rows, int columns, int64_t depth);

  // The widths of the panels that are the fastest for at least this many columns, descending: all but the last are
  // multiples of sixteen.
  std::vector<int> widths(int columns) const;
  int widest() const { return widest_; }
  int most_rows(int columns) const { return widths_[columns / kStep].rows; }
  gemm::Function kernel(int rows, int columns) const { return widths_[columns / kStep].kernels[rows]; }

  // Strips as equal as can be: 49 = 13 + 12 + 12 + 12. action(first_row, kernel) for each.
  template <class Action>
  void strips(int64_t rows, int columns, Action&& action) const {
    const Width& width = widths_[columns / kStep];
    const int64_t count = (rows + width.rows - 1) / width.rows;
    const int64_t base = rows / count, longer = rows % count;
    int64_t row = 0;
    for (int64_t strip = 0; strip < count; ++strip) {
      int64_t height = base + (strip < longer);
      action(row, width.kernels[height]);
      row += height;
    }
  }

  // "14x32", the tile of the widest panel.
  std::string name() const;

 private:
  static constexpr int kStep = gemm::kColumnStep, kMostSteps = gemm::kMostColumns / kStep;
  struct Width {
    gemm::Function kernels[gemm::kMostRows + 1];
    int rows;     // of the tiles in use; 0: there is no such width
    double cost;  // of a panel
  };
  Width widths_[kMostSteps + 1] = {};
  int widest_;
};

// Output channels that are multiplied together: `width` lanes from the first of `block` on.
struct Panel {
  int block;
  int width;
  int group;
  int keep;         // lanes of its first block that belong to an earlier group
  int lanes;        // lanes up to the end of its group
  int64_t weights;  // where its packed weights and bias begin, in floats
  int64_t bias;

  int blocks() const { return (width + 15) / 16; }
};

// The panels of `groups` groups of `group_channels` output channels, in order, with k weights per channel.
std::vector<Panel> make_panels(int groups, int group_channels, const Tiling& tiling, int64_t k);

// Floats behind the last panel.
int64_t panel_weights(const std::vector<Panel>& panels, int64_t k);
int64_t panel_biases(const std::vector<Panel>& panels);

}  // namespace convoy

#endif

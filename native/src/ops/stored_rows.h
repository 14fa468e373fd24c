// The input rows that a block of output rows needs, each kept once, so that for any kernel row the rows that
// consecutive output rows meet lie one behind the other, whatever the stride.
//
// Kernel row kh of output row y meets input row y * stride + kh * dilation - top. Rows are sorted into phases by
// (kh * dilation) mod stride; in a phase, kernel row kh of output row y is stored row (y - begin) + kh * dilation /
// stride.
#ifndef CONVOY_OPS_STORED_ROWS_H
#define CONVOY_OPS_STORED_ROWS_H

#include <algorithm>
#include <cstdint>
#include <vector>

#include "ops/convolution.h"

namespace convoy {

class StoredRows {
 public:
  explicit StoredRows(const Window& window)
      : stride_(window.stride_h), dilation_(window.dilation_h), top_(window.top), place_(window.kernel_h) {
    for (int kh = 0; kh < window.kernel_h; ++kh) {
      const int64_t remainder = int64_t{kh} * dilation_ % stride_;
      size_t phase = 0;
      while (phase < remainders_.size() && remainders_[phase] != remainder) {
        ++phase;
      }
      if (phase == remainders_.size()) {
        remainders_.push_back(remainder);
      }
      place_[kh] = {static_cast<int>(phase), int64_t{kh} * dilation_ / stride_};
    }
  }

  int phases() const { return static_cast<int>(remainders_.size()); }
  int phase(int kernel_row) const { return place_[kernel_row].phase; }
  int64_t row(int kernel_row) const { return place_[kernel_row].row; }
  // Stored rows of a phase for this many output rows.
  int64_t rows(int output_rows) const { return output_rows + place_.back().row; }

  // action(phase, stored row, input row) for every row that output rows begin .. end - 1 need; the input row may lie
  // on the padding.
  template <class Action>
  void each(int begin, int end, Action&& action) const {
    for (int phase = 0; phase < phases(); ++phase) {
      int64_t done = 0;
      for (const Place& place : place_) {
        if (place.phase == phase) {
          for (done = std::max(done, place.row); done < place.row + end - begin; ++done) {
            action(phase, done, (begin + done) * stride_ + remainders_[phase] - top_);
          }
        }
      }
    }
  }

 private:
  struct Place {
    int phase;
    int64_t row;
  };

  int64_t stride_, dilation_, top_;
  std::vector<Place> place_;  // of each kernel row
  std::vector<int64_t> remainders_;
};

}  // namespace convoy

#endif

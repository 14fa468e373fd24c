// A PLAIN image whose stride by stride pixels are the channels of one pixel (space to depth), so that its convolution
// has stride 1, no padding, and a kernel of a stride-th of the size; where that would pass the kernel's end, weights
// are 0.
//
// Pixel (y, x) of the folded image has, as channel (row * channels + c) * stride + column, what the image has at row
// y * stride + row - top and column x * stride + column - left of channel c; 0 on the padding and beyond.
#ifndef CONVOY_OPS_FOLDING_H
#define CONVOY_OPS_FOLDING_H

#include "base/aligned_buffer.h"
#include "ops/convolution.h"

namespace convoy {

class Folding {
 public:
  // Of a problem whose strides are equal, without dilation or groups.
  explicit Folding(const Convolution& problem) : problem_(problem), stride_(problem.window.stride_h) {}

  // The same convolution on the folded image, which only fold() ever writes.
  Convolution folded() const;
  // Its weights, from those of the problem.
  AlignedBuffer fold_weights(const float* weights) const;
  // The channels that have a weight in the last row of the folded kernel: they are the first ones.
  int full_channels() const;

  // Sixteen channels of a piece of a folded image: rows from y on, columns from x on, of sixteen floats each.
  void fold(const Run& run, int64_t image, int block, int64_t y, int64_t rows, int64_t x, int64_t columns,
            float* to) const;

 private:
  const Convolution problem_;
  const int stride_;
};

}  // namespace convoy

#endif

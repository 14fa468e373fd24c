// Depthwise convolution of one output row of one block of sixteen channels.
//
// Contract
//   rows     kernel_h input rows of in_width pixels of sixteen floats; a row on the padding is any row of zeros.
//   zeros    sixteen floats, all zero: a pixel on the padding.
//   weights  [kernel_h][kernel_w][16], bias [16]; lanes without a channel are zero.
//   out      out_width pixels, all written; residual: likewise, or null.
//   order    every element is one chain acc = fma(weight, x, acc) over kernel rows, then kernel columns; x is 0 on the
//            padding.
//   lanes    lanes >= lanes of the result are zero.
//   ahead    a hint: 0, or how many floats behind the last `stride` rows lie those that the next output row adds.
//   Nothing else is read or written, but fetched perhaps.
#ifndef CONVOY_KERNELS_DEPTHWISE_H
#define CONVOY_KERNELS_DEPTHWISE_H

#include <stdint.h>

namespace convoy {
namespace depthwise {

struct Row {
  const float* const* rows;
  const float* zeros;
  const float* weights;
  const float* bias;
  const float* residual;
  float* out;
  int64_t in_width;
  int64_t out_width;
  int32_t kernel_h, kernel_w;
  int32_t stride, dilation, left;  // along the row
  int64_t ahead;
  int32_t lanes;
  int32_t activation;
  float alpha;
};

using Function = void (*)(const Row& row);

}  // namespace depthwise
}  // namespace convoy

#endif

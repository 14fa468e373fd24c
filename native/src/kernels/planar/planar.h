// Convolution of one output row from PLAIN to a few channels of BLOCKED16. Lanes are neighbouring pixels, not channels:
// with six channels of sixteen the tile of gemm.h would multiply mostly zeros.
//
// Contract
//   rows     [kernel_h][channels] input rows, each of out_width + (kernel_w - 1) * dilation floats, padding included.
//   weights  [kernel_h][kernel_w][channels][outputs], bias [outputs].
//   out      out_width pixels of sixteen floats, all written; lanes >= outputs are zero.
//   order    every element is one chain acc = fma(weight, x, acc) over kernel rows, kernel columns, channels.
//   Nothing else is read or written.
#ifndef CONVOY_KERNELS_PLANAR_H
#define CONVOY_KERNELS_PLANAR_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace planar {

constexpr int kMostOutputs = 8;

struct Row {
  const float* const* rows;
  const float* weights;
  const float* bias;
  float* out;
  int64_t out_width;
  int32_t kernel_h, kernel_w, channels;
  int32_t dilation;  // along the row
  int32_t outputs;   // 1 to kMostOutputs
  int32_t activation;
  float alpha;
};

using Function = void (*)(const Row& row);

Function kernel(Isa isa);

}  // namespace planar
}  // namespace convoy

#endif

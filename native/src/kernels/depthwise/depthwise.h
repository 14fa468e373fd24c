// Depthwise convolution of rows of one block of sixteen channels.
//
// Contract
//   in       the block's plane, pixels of sixteen floats; rows[i]: how many floats into it row i - top of the input
//            lies, or -1 if that is on the padding; row y of the output meets rows y * stride_h + kh * dilation_h.
//   weights  [kernel_h][kernel_w][16], bias [16], never -0; lanes without a channel are zero. Finite, unless the kernel
//            is the one that takes any kernel, stride and dilation.
//   out      a plane whose row y lies in memory as row y % out_rows; of rows begin .. end - 1 all pixels are written.
//            residual: likewise, or null.
//   order    every element is one chain acc = fma(weight, x, acc) over kernel rows, then kernel columns; x is 0 on the
//            padding.
//   lanes    lanes >= lanes of the result are zero.
//   ahead    a hint: 0, or how many floats behind the last `stride_h` rows lie those that the next output row adds.
//   Nothing else is read or written, but fetched perhaps.
#ifndef CONVOY_KERNELS_DEPTHWISE_H
#define CONVOY_KERNELS_DEPTHWISE_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace depthwise {

struct Band {
  const float* in;
  const int64_t* rows;
  const float* weights;
  const float* bias;
  const float* residual;
  float* out;
  int64_t in_width, out_width;
  int32_t begin, end, out_rows;
  int32_t kernel_h, kernel_w;
  int32_t stride_h, dilation_h;
  int32_t stride_w, dilation_w, left;
  int64_t ahead;
  int32_t lanes;
  int32_t activation;
  float alpha;
};

using Function = void (*)(const Band& band);

// For that many kernel columns at that stride and dilation 1; 0 and 0: for any of all three.
struct Kernel {
  int columns, stride;
  Function function;
};

// The best one for this many kernel columns, this stride and this dilation along the row; for no columns, the one that
// takes any.
Function kernel(Isa isa, int columns, int stride, int dilation);

}  // namespace depthwise
}  // namespace convoy

#endif

// Softmax over the channels of BLOCKED16 pixels, and its logarithm.
//
// Contract
//   in, out  pixel p, block b at + p * 16 + b * block_stride. Lanes of the last block from `last_lanes` on do not count
//            and are written zero. in and out share no memory.
//   order    sixteen sums, each over every sixteenth channel, ascending; then lane i + lane (i + 8), i + 4, i + 2,
//            i + 1. So the bits depend on no instruction set. e = exp(x - max); e / sum, or (x - max) - log(sum) with
//            the C library's log in double, rounded. A NaN anywhere in a pixel makes all of its channels NaN.
#ifndef CONVOY_KERNELS_SOFTMAX_H
#define CONVOY_KERNELS_SOFTMAX_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace softmax {

struct Pixels {
  const float* in;
  float* out;
  int64_t block_stride;  // floats
  int64_t count;
  int32_t blocks;
  int32_t last_lanes;
};

using Function = void (*)(const Pixels& pixels);

struct Table {
  Function plain;
  Function log;
};

const Table& table(Isa isa);

}  // namespace softmax
}  // namespace convoy

#endif

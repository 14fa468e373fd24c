// Local response normalisation across the channels of BLOCKED16 pixels.
//
// Contract
//   in, out  pixel p, block b at + p * 16 + b * block_stride: [blocks][16] floats of it are read and written. Lanes of
//            the last block from `last_lanes` on are zero in the input and written zero.
//   lines    scratch, count lines of head + blocks * 16 + tail floats: zeros, the pixel's channels, zeros. head and
//   tail
//            are `before` and `after`, rounded up to multiples of 16.
//   order    sum = fma(x, x, sum) from 0 over the channels c - before .. c + after, ascending; d = fma(scale, sum, k);
//            out = x / d^beta. Beta 1, 0.75 and 0.5 are made of square roots and products; any other beta is the C
//            library's pow in double, element by element.
#ifndef CONVOY_KERNELS_LRN_H
#define CONVOY_KERNELS_LRN_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace lrn {

struct Pixels {
  const float* in;
  float* out;
  int64_t block_stride;  // floats
  int32_t count;
  int32_t blocks;
  int32_t last_lanes;
  int32_t before;
  int32_t after;
  float scale;
  float k;
  float beta;
  float* lines;
  int32_t head;
  int32_t tail;
};

using Function = void (*)(const Pixels& pixels);

struct Table {
  Function power;
};

const Table& table(Isa isa);

}  // namespace lrn
}  // namespace convoy

#endif

// Layer normalisation over the channels of BLOCKED16 pixels.
//
// Contract
//   in, out  pixel p, block b at + p * 16 + b * block_stride: [blocks][16] floats of it are read and written. Lanes of
//            the last block from `last_lanes` on are zero in the input and written zero. out may be in.
//   weight, bias   [blocks][16] floats each, zero from last_lanes on in the last block.
//   order    sixteen partial sums, of the channels that are equal modulo 16, each from 0 and ascending; then the upper
//            eight are added to the lower eight, of these the upper four to the lower four, and so on.
//            mean = that sum of x / channels; d = x - mean; variance = that sum, by fma(d, d, sum), / channels;
//            r = 1 / sqrt(variance + eps); out = fma(d * r, weight, bias).
#ifndef CONVOY_KERNELS_LAYERNORM_H
#define CONVOY_KERNELS_LAYERNORM_H

#include <stdint.h>

namespace convoy {

enum class Isa : int32_t;

namespace layernorm {

struct Pixels {
  const float* in;
  float* out;
  int64_t block_stride;  // floats
  int64_t count;
  int32_t blocks;
  int32_t last_lanes;
  const float* weight;
  const float* bias;
  float eps;
};

using Function = void (*)(const Pixels& pixels);

struct Table {
  Function channels;
};

const Table& table(Isa isa);

}  // namespace layernorm
}  // namespace convoy

#endif

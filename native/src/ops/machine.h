// What the speeds of algorithms depend on beside the layer: how fast a core multiplies for what it can load and store.
#ifndef CONVOY_OPS_MACHINE_H
#define CONVOY_OPS_MACHINE_H

#include <cstdint>

#include "base/isa.h"

namespace convoy {

// Costs are in multiplications and additions of the GEMM that take as long.
struct Machine {
  bool twice;  // two multiply-adds of sixteen floats a cycle

  // Winograd
  double input_point, output_point;  // transforming a point of sixteen channels
  double point_filters;              // beginning with a point's filters for sixteen output channels
  double extra_k;                    // beginning and ending a tile is like so much more k
  double near_byte, far_byte;        // reading filters, which the network's other layers have driven out of the caches
  double near_bytes;                 // filters up to this many are near
  double few_filters;                // more level-2 caches of filters than this are read for many tiles at once
  int64_t few_tiles;                 // no more tiles than this are computed at once, whatever their filters
  // Strassen: of a pixel, what its sums and tiles take beside the products
  double strassen_in, strassen_out;  // like so many more channels of output, or of input
  double strassen_byte;              // of what it reads more in filters, partly while it multiplies
  // direct convolution
  double direct_rate;   // it copies its input besides
  double direct_bytes;  // of what Winograd takes to read a byte
};

// Whether a vector of sixteen floats occupies the units of eight twice (Zen 4). No result depends on it.
bool splits_wide_vectors();

// Of this machine, with the given instructions.
const Machine& machine(Isa isa);

// Of those whose cores multiply sixteen floats twice a cycle, or of the others.
const Machine& machine(bool twice);

}  // namespace convoy

#endif

// The speed limits: fused multiply-adds between registers and nothing else; reading and nothing else.
#ifndef CONVOY_KERNELS_PEAK_H
#define CONVOY_KERNELS_PEAK_H

#include <cstdint>

#include "base/isa.h"

namespace convoy::peak {

// Runs `rounds` rounds of independent chains from registers and returns how many floating-point operations that were.
// sink receives one result, so that nothing can be left out.
using Kernel = double (*)(int64_t rounds, float* sink);

Kernel kernel(Isa isa);

// Adds up `floats` floats (those of the last, incomplete eight vectors left out), `rounds` times, and returns how many
// bytes that were.
using Reader = double (*)(const float* data, int64_t floats, int64_t rounds, float* sink);

Reader reader(Isa isa);

}  // namespace convoy::peak

#endif

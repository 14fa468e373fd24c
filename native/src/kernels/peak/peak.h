// The speed limit: fused multiply-adds between registers, nothing else.
#ifndef CONVOY_KERNELS_PEAK_H
#define CONVOY_KERNELS_PEAK_H

#include <cstdint>

#include "base/isa.h"

namespace convoy::peak {

// Runs `rounds` rounds of independent chains from registers and returns how many floating-point operations that were.
// sink receives one result, so that nothing can be left out.
using Kernel = double (*)(int64_t rounds, float* sink);

Kernel kernel(Isa isa);

}  // namespace convoy::peak

#endif

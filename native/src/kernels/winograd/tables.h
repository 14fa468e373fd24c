// Which Winograd transforms an instruction set has.
#ifndef CONVOY_KERNELS_WINOGRAD_TABLES_H
#define CONVOY_KERNELS_WINOGRAD_TABLES_H

#include "base/isa.h"
#include "kernels/winograd/winograd.h"

namespace convoy::winograd {

// For tiles of size x size outputs (of one row or column where the filter has one); without functions if there is none.
Kernel kernel(Isa isa, int size, int taps_h, int taps_w);

}  // namespace convoy::winograd

#endif

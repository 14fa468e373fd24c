// Which Winograd transforms an instruction set has.
#ifndef CONVOY_KERNELS_WINOGRAD_TABLES_H
#define CONVOY_KERNELS_WINOGRAD_TABLES_H

#include "base/isa.h"
#include "kernels/winograd/winograd.h"

namespace convoy::winograd {

// size: 2 or 4.
Kernel kernel(Isa isa, int size);

}  // namespace convoy::winograd

#endif

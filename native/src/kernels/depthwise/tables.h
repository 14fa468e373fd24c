// Which depthwise kernels an instruction set has.
#ifndef CONVOY_KERNELS_DEPTHWISE_TABLES_H
#define CONVOY_KERNELS_DEPTHWISE_TABLES_H

#include "base/isa.h"
#include "kernels/depthwise/depthwise.h"

namespace convoy::depthwise {

// The best one for this many kernel columns, this stride and this dilation along the row; for no columns, the one that
// takes any.
Function kernel(Isa isa, int columns, int stride, int dilation);

}  // namespace convoy::depthwise

#endif

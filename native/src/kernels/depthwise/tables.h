// Which depthwise kernel an instruction set has.
#ifndef CONVOY_KERNELS_DEPTHWISE_TABLES_H
#define CONVOY_KERNELS_DEPTHWISE_TABLES_H

#include "base/isa.h"
#include "kernels/depthwise/depthwise.h"

namespace convoy::depthwise {

Function kernel(Isa isa);

}  // namespace convoy::depthwise

#endif

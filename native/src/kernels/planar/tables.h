// Which planar kernel an instruction set has.
#ifndef CONVOY_KERNELS_PLANAR_TABLES_H
#define CONVOY_KERNELS_PLANAR_TABLES_H

#include "base/isa.h"
#include "kernels/planar/planar.h"

namespace convoy::planar {

Function kernel(Isa isa);

}  // namespace convoy::planar

#endif

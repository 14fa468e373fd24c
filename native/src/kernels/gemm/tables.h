// Which GEMM kernels an instruction set has.
#ifndef CONVOY_KERNELS_GEMM_TABLES_H
#define CONVOY_KERNELS_GEMM_TABLES_H

#include "base/isa.h"
#include "kernels/gemm/gemm.h"

namespace convoy::gemm {

const Table& table(Isa isa);

}  // namespace convoy::gemm

#endif

#include "kernels/pool/pool.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const pool::Table pool_table;)

const pool::Table& pool::table(Isa isa) { return CONVOY_OF_ISA(isa, pool_table); }

}  // namespace convoy

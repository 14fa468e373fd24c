#include "kernels/eltwise/eltwise.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const eltwise::Table eltwise_table;)

const eltwise::Table& eltwise::table(Isa isa) { return CONVOY_OF_ISA(isa, eltwise_table); }

}  // namespace convoy

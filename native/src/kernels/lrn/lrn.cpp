#include "kernels/lrn/lrn.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const lrn::Table lrn_table;)

const lrn::Table& lrn::table(Isa isa) { return CONVOY_OF_ISA(isa, lrn_table); }

}  // namespace convoy

#include "kernels/softmax/softmax.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const softmax::Table softmax_table;)

const softmax::Table& softmax::table(Isa isa) { return CONVOY_OF_ISA(isa, softmax_table); }

}  // namespace convoy

#include "kernels/layernorm/layernorm.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const layernorm::Table layernorm_table;)

const layernorm::Table& layernorm::table(Isa isa) { return CONVOY_OF_ISA(isa, layernorm_table); }

}  // namespace convoy

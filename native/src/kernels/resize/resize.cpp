#include "kernels/resize/resize.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const resize::Table resize_table;)

const resize::Table& resize::table(Isa isa) { return CONVOY_OF_ISA(isa, resize_table); }

}  // namespace convoy

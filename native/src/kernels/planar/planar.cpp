#include "kernels/planar/planar.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(void planar_f32(const planar::Row& row);)

planar::Function planar::kernel(Isa isa) { return CONVOY_OF_ISA(isa, planar_f32); }

}  // namespace convoy

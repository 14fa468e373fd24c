#include "kernels/peak/peak.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(double peak_f32(int64_t rounds, float* sink);)
CONVOY_PER_ISA(double read_f32(const float* data, int64_t floats, int64_t rounds, float* sink);)

peak::Kernel peak::kernel(Isa isa) { return CONVOY_OF_ISA(isa, peak_f32); }
peak::Reader peak::reader(Isa isa) { return CONVOY_OF_ISA(isa, read_f32); }

}  // namespace convoy

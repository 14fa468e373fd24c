#include "kernels/peak/peak.h"

namespace convoy {

#define CONVOY_PEAK(isa)                                                           \
  namespace isa {                                                                  \
  double peak_f32(int64_t rounds, float* sink);                                    \
  double read_f32(const float* data, int64_t floats, int64_t rounds, float* sink); \
  }
#include "kernels/peak/kernels.inc"
#undef CONVOY_PEAK

namespace peak {

Kernel kernel(Isa isa) {
#define CONVOY_PEAK(name)  \
  if (isa == Isa::name) {  \
    return name::peak_f32; \
  }
#include "kernels/peak/kernels.inc"
#undef CONVOY_PEAK
  return nullptr;
}

Reader reader(Isa isa) {
#define CONVOY_PEAK(name)  \
  if (isa == Isa::name) {  \
    return name::read_f32; \
  }
#include "kernels/peak/kernels.inc"
#undef CONVOY_PEAK
  return nullptr;
}

}  // namespace peak
}  // namespace convoy

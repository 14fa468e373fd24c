#include "kernels/planar/planar.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_PLANAR(isa)                 \
  namespace isa {                          \
  void planar_f32(const planar::Row& row); \
  }
#include "kernels/planar/kernels.inc"
#undef CONVOY_PLANAR

namespace planar {

Function kernel(Isa isa) {
#define CONVOY_PLANAR(name)  \
  if (isa == Isa::name) {    \
    return name::planar_f32; \
  }
#include "kernels/planar/kernels.inc"
#undef CONVOY_PLANAR
  return nullptr;
}

}  // namespace planar
}  // namespace convoy

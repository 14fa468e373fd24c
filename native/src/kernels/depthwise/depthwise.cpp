#include "kernels/depthwise/depthwise.h"

#include "kernels/depthwise/tables.h"

namespace convoy {

#define CONVOY_DEPTHWISE(isa)                    \
  namespace isa {                                \
  void depthwise_f32(const depthwise::Row& row); \
  }
#include "kernels/depthwise/kernels.inc"
#undef CONVOY_DEPTHWISE

namespace depthwise {

Function kernel(Isa isa) {
#define CONVOY_DEPTHWISE(name)  \
  if (isa == Isa::name) {       \
    return name::depthwise_f32; \
  }
#include "kernels/depthwise/kernels.inc"
#undef CONVOY_DEPTHWISE
  return nullptr;
}

}  // namespace depthwise
}  // namespace convoy

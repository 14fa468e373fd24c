#include "kernels/depthwise/depthwise.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_DEPTHWISE(isa, kernel, stride)                          \
  namespace isa {                                                      \
  void depthwise_f32_##kernel##s##stride(const depthwise::Band& band); \
  }
#include "kernels/depthwise/kernels.inc"
#undef CONVOY_DEPTHWISE

namespace depthwise {

Function kernel(Isa isa, int columns, int stride, int dilation) {
  const auto suits = [&](Isa listed, int listed_columns, int listed_stride) {
    return listed == isa &&
           (listed_columns == 0 || (listed_columns == columns && listed_stride == stride && dilation == 1));
  };
#define CONVOY_DEPTHWISE(name, kernel, step)      \
  if (suits(Isa::name, kernel, step)) {           \
    return name::depthwise_f32_##kernel##s##step; \
  }
#include "kernels/depthwise/kernels.inc"
#undef CONVOY_DEPTHWISE
  return nullptr;
}

}  // namespace depthwise
}  // namespace convoy

#include "kernels/winograd/winograd.h"

#include "kernels/winograd/tables.h"

namespace convoy {

#define CONVOY_WINOGRAD(isa, size)                              \
  namespace isa {                                               \
  void winograd_f32_input_##size(const winograd::Input& run);   \
  void winograd_f32_output_##size(const winograd::Output& run); \
  }
#include "kernels/winograd/kernels.inc"
#undef CONVOY_WINOGRAD

namespace winograd {

Kernel kernel(Isa isa, int size) {
#define CONVOY_WINOGRAD(name, m)                                             \
  if (isa == Isa::name && size == m) {                                       \
    return {name::winograd_f32_input_##m, name::winograd_f32_output_##m, m}; \
  }
#include "kernels/winograd/kernels.inc"
#undef CONVOY_WINOGRAD
  return {};
}

}  // namespace winograd
}  // namespace convoy

#include "kernels/winograd/winograd.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_WINOGRAD(isa, mh, mw, rh, rw)                                        \
  namespace isa {                                                                   \
  void winograd_f32_filter_##mh##x##mw##_##rh##x##rw(const winograd::Filters& run); \
  void winograd_f32_input_##mh##x##mw##_##rh##x##rw(const winograd::Input& run);    \
  void winograd_f32_output_##mh##x##mw##_##rh##x##rw(const winograd::Output& run);  \
  }
#include "kernels/winograd/kernels.inc"
#undef CONVOY_WINOGRAD

namespace winograd {

Kernel kernel(Isa isa, int size, int taps_h, int taps_w) {
  const Axis h{taps_h == 1 ? 1 : size, taps_h}, w{taps_w == 1 ? 1 : size, taps_w};
#define CONVOY_WINOGRAD(name, mh, mw, rh, rw)                                                                        \
  if (isa == Isa::name && h.size == mh && h.taps == rh && w.size == mw && w.taps == rw) {                            \
    return {name::winograd_f32_filter_##mh##x##mw##_##rh##x##rw, name::winograd_f32_input_##mh##x##mw##_##rh##x##rw, \
            name::winograd_f32_output_##mh##x##mw##_##rh##x##rw, h, w};                                              \
  }
#include "kernels/winograd/kernels.inc"
#undef CONVOY_WINOGRAD
  return {};
}

}  // namespace winograd
}  // namespace convoy

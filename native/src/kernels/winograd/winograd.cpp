#include "kernels/winograd/winograd.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const winograd::Kernel winograd_kernels[];)  // the last one has no functions

winograd::Kernel winograd::kernel(Isa isa, int size, int taps_h, int taps_w) {
  const Axis h{taps_h == 1 ? 1 : size, taps_h}, w{taps_w == 1 ? 1 : size, taps_w};
  const Kernel* listed = CONVOY_OF_ISA(isa, winograd_kernels);
  const auto differs = [](Axis a, Axis b) { return a.size != b.size || a.taps != b.taps; };
  while (listed->filter != nullptr && (differs(listed->h, h) || differs(listed->w, w))) {
    ++listed;
  }
  return *listed;
}

}  // namespace convoy

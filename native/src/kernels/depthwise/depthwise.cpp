#include "kernels/depthwise/depthwise.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const depthwise::Kernel depthwise_kernels[];)  // the last one takes any

depthwise::Function depthwise::kernel(Isa isa, int columns, int stride, int dilation) {
  const Kernel* listed = CONVOY_OF_ISA(isa, depthwise_kernels);
  while (listed->columns != 0 && (listed->columns != columns || listed->stride != stride || dilation != 1)) {
    ++listed;
  }
  return listed->function;
}

}  // namespace convoy

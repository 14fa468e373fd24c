// What there is of every instruction set, filled from a family's kernels.inc.
#ifndef CONVOY_KERNELS_PER_ISA_H
#define CONVOY_KERNELS_PER_ISA_H

#include "base/isa.h"

namespace convoy {

template <class T>
struct PerIsa {
  T all[kIsaCount] = {};

  constexpr T& operator[](Isa isa) { return all[static_cast<int>(isa)]; }
  constexpr const T& operator[](Isa isa) const { return all[static_cast<int>(isa)]; }
};

}  // namespace convoy

#endif

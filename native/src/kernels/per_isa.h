// What the objects of every instruction set define, each in its own namespace: how a family's .cpp declares it and
// takes that of one.
#ifndef CONVOY_KERNELS_PER_ISA_H
#define CONVOY_KERNELS_PER_ISA_H

#include "base/isa.h"

// Declarations, in the namespace of every instruction set.
#define CONVOY_PER_ISA(...) \
  namespace portable {      \
  __VA_ARGS__               \
  }                         \
  namespace avx2 {          \
  __VA_ARGS__               \
  }                         \
  namespace avx512 {        \
  __VA_ARGS__               \
  }

// The function or object `name` of instruction set `isa`.
#define CONVOY_OF_ISA(isa, name) \
  ((isa) == Isa::avx512 ? avx512::name : (isa) == Isa::avx2 ? avx2::name : portable::name)
static_assert(convoy::kIsaCount == 3, "both name every instruction set");

#endif

#include "kernels/lrn/lrn.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_LRN(isa, name)                       \
  namespace isa {                                   \
  void lrn_##name##_f32(const lrn::Pixels& pixels); \
  }
#include "kernels/lrn/kernels.inc"
#undef CONVOY_LRN

namespace lrn {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::lrn_power_f32},
      {avx2::lrn_power_f32},
      {avx512::lrn_power_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace lrn
}  // namespace convoy

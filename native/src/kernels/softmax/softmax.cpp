#include "kernels/softmax/softmax.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_SOFTMAX(isa, name)                           \
  namespace isa {                                           \
  void softmax_##name##_f32(const softmax::Pixels& pixels); \
  }
#include "kernels/softmax/kernels.inc"
#undef CONVOY_SOFTMAX

namespace softmax {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_SOFTMAX(isa, name) tables[Isa::isa].name = isa::softmax_##name##_f32;
#include "kernels/softmax/kernels.inc"
#undef CONVOY_SOFTMAX
    return tables;
  }();
  return kTables[isa];
}

}  // namespace softmax
}  // namespace convoy

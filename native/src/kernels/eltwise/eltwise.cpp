#include "kernels/eltwise/eltwise.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_ELTWISE(isa, name)                           \
  namespace isa {                                           \
  void eltwise_##name##_f32(const eltwise::Stream& stream); \
  }
#include "kernels/eltwise/kernels.inc"
#undef CONVOY_ELTWISE

namespace eltwise {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_ELTWISE(isa, name) tables[Isa::isa].name = isa::eltwise_##name##_f32;
#include "kernels/eltwise/kernels.inc"
#undef CONVOY_ELTWISE
    return tables;
  }();
  return kTables[isa];
}

}  // namespace eltwise
}  // namespace convoy

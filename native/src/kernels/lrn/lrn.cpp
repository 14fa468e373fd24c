#include "kernels/lrn/lrn.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_LRN(isa, name)                       \
  namespace isa {                                   \
  void lrn_##name##_f32(const lrn::Pixels& pixels); \
  }
#include "kernels/lrn/kernels.inc"
#undef CONVOY_LRN

namespace lrn {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_LRN(isa, name) tables[Isa::isa].name = isa::lrn_##name##_f32;
#include "kernels/lrn/kernels.inc"
#undef CONVOY_LRN
    return tables;
  }();
  return kTables[isa];
}

}  // namespace lrn
}  // namespace convoy

#include "kernels/concat/concat.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_CONCAT(isa, name)                          \
  namespace isa {                                         \
  void concat_##name##_f32(const concat::Pixels& pixels); \
  }
#include "kernels/concat/kernels.inc"
#undef CONVOY_CONCAT

namespace concat {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_CONCAT(isa, name) tables[Isa::isa].name = isa::concat_##name##_f32;
#include "kernels/concat/kernels.inc"
#undef CONVOY_CONCAT
    return tables;
  }();
  return kTables[isa];
}

}  // namespace concat
}  // namespace convoy

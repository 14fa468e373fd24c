#include "kernels/resize/resize.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_RESIZE(isa, name)                      \
  namespace isa {                                     \
  void resize_##name##_f32(const resize::Rows& rows); \
  }
#include "kernels/resize/kernels.inc"
#undef CONVOY_RESIZE

namespace resize {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_RESIZE(isa, name) tables[Isa::isa].name = isa::resize_##name##_f32;
#include "kernels/resize/kernels.inc"
#undef CONVOY_RESIZE
    return tables;
  }();
  return kTables[isa];
}

}  // namespace resize
}  // namespace convoy

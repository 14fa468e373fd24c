#include "kernels/layernorm/layernorm.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_LAYERNORM(isa, name)                             \
  namespace isa {                                               \
  void layernorm_##name##_f32(const layernorm::Pixels& pixels); \
  }
#include "kernels/layernorm/kernels.inc"
#undef CONVOY_LAYERNORM

namespace layernorm {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_LAYERNORM(isa, name) tables[Isa::isa].name = isa::layernorm_##name##_f32;
#include "kernels/layernorm/kernels.inc"
#undef CONVOY_LAYERNORM
    return tables;
  }();
  return kTables[isa];
}

}  // namespace layernorm
}  // namespace convoy

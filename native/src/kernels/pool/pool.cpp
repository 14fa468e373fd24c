#include "kernels/pool/pool.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_POOL(isa, name)                    \
  namespace isa {                                 \
  void pool_##name##_f32(const pool::Rows& rows); \
  }
#include "kernels/pool/kernels.inc"
#undef CONVOY_POOL

namespace pool {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_POOL(isa, name) tables[Isa::isa].name = isa::pool_##name##_f32;
#include "kernels/pool/kernels.inc"
#undef CONVOY_POOL
    return tables;
  }();
  return kTables[isa];
}

}  // namespace pool
}  // namespace convoy

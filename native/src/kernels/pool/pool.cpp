#include "kernels/pool/pool.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_POOL(isa, name)                    \
  namespace isa {                                 \
  void pool_##name##_f32(const pool::Rows& rows); \
  }
#include "kernels/pool/kernels.inc"
#undef CONVOY_POOL

namespace pool {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::pool_max_f32, portable::pool_min_f32, portable::pool_average_f32},
      {avx2::pool_max_f32, avx2::pool_min_f32, avx2::pool_average_f32},
      {avx512::pool_max_f32, avx512::pool_min_f32, avx512::pool_average_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace pool
}  // namespace convoy

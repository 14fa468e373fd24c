#include "kernels/layernorm/layernorm.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_LAYERNORM(isa, name)                             \
  namespace isa {                                               \
  void layernorm_##name##_f32(const layernorm::Pixels& pixels); \
  }
#include "kernels/layernorm/kernels.inc"
#undef CONVOY_LAYERNORM

namespace layernorm {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::layernorm_channels_f32},
      {avx2::layernorm_channels_f32},
      {avx512::layernorm_channels_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace layernorm
}  // namespace convoy

#include "kernels/eltwise/eltwise.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_ELTWISE(isa, name)                           \
  namespace isa {                                           \
  void eltwise_##name##_f32(const eltwise::Stream& stream); \
  }
#include "kernels/eltwise/kernels.inc"
#undef CONVOY_ELTWISE

namespace eltwise {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::eltwise_scale_shift_f32, portable::eltwise_multiply_f32, portable::eltwise_activate_f32,
       portable::eltwise_add_f32},
      {avx2::eltwise_scale_shift_f32, avx2::eltwise_multiply_f32, avx2::eltwise_activate_f32, avx2::eltwise_add_f32},
      {avx512::eltwise_scale_shift_f32, avx512::eltwise_multiply_f32, avx512::eltwise_activate_f32,
       avx512::eltwise_add_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace eltwise
}  // namespace convoy

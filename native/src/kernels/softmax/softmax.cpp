#include "kernels/softmax/softmax.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_SOFTMAX(isa, name)                           \
  namespace isa {                                           \
  void softmax_##name##_f32(const softmax::Pixels& pixels); \
  }
#include "kernels/softmax/kernels.inc"
#undef CONVOY_SOFTMAX

namespace softmax {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::softmax_plain_f32, portable::softmax_log_f32},
      {avx2::softmax_plain_f32, avx2::softmax_log_f32},
      {avx512::softmax_plain_f32, avx512::softmax_log_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace softmax
}  // namespace convoy

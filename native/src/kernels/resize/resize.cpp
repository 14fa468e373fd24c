#include "kernels/resize/resize.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_RESIZE(isa, name)                      \
  namespace isa {                                     \
  void resize_##name##_f32(const resize::Rows& rows); \
  }
#include "kernels/resize/kernels.inc"
#undef CONVOY_RESIZE

namespace resize {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::resize_bilinear_f32},
      {avx2::resize_bilinear_f32},
      {avx512::resize_bilinear_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace resize
}  // namespace convoy

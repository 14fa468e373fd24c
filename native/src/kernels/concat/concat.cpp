#include "kernels/concat/concat.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_CONCAT(isa, name)                          \
  namespace isa {                                         \
  void concat_##name##_f32(const concat::Pixels& pixels); \
  }
#include "kernels/concat/kernels.inc"
#undef CONVOY_CONCAT

namespace concat {

const Table& table(Isa isa) {
  static constexpr Table kTables[kIsaCount] = {
      {portable::concat_shuffle_f32},
      {avx2::concat_shuffle_f32},
      {avx512::concat_shuffle_f32},
  };
  return kTables[static_cast<int>(isa)];
}

}  // namespace concat
}  // namespace convoy

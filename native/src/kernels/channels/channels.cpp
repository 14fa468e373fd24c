#include "kernels/channels/channels.h"

#include "kernels/per_isa.h"

namespace convoy {

#define CONVOY_CHANNELS(isa, name)                            \
  namespace isa {                                             \
  void channels_##name##_f32(const channels::Pixels& pixels); \
  }
#include "kernels/channels/kernels.inc"
#undef CONVOY_CHANNELS

namespace channels {

const Table& table(Isa isa) {
  static constexpr PerIsa<Table> kTables = [] {
    PerIsa<Table> tables;
#define CONVOY_CHANNELS(isa, name) tables[Isa::isa].name = isa::channels_##name##_f32;
#include "kernels/channels/kernels.inc"
#undef CONVOY_CHANNELS
    return tables;
  }();
  return kTables[isa];
}

}  // namespace channels
}  // namespace convoy

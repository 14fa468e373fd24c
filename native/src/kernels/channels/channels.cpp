#include "kernels/channels/channels.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const channels::Table channels_table;)

const channels::Table& channels::table(Isa isa) { return CONVOY_OF_ISA(isa, channels_table); }

}  // namespace convoy

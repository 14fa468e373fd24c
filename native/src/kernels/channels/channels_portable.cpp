#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/channels/channels-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_CHANNELS_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_CHANNELS_avx2(name)
#define CONVOY_CHANNELS_avx512(name)
#define CONVOY_CHANNELS(isa, name) CONVOY_CHANNELS_##isa(name)
#include "kernels/channels/kernels.inc"

}  // namespace portable
}  // namespace convoy

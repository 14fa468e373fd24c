#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/channels/channels-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_CHANNELS_portable(name)
#define CONVOY_CHANNELS_avx2(name)
#define CONVOY_CHANNELS_avx512(name) CONVOY_INSTANTIATE(name)
#define CONVOY_CHANNELS(isa, name) CONVOY_CHANNELS_##isa(name)
#include "kernels/channels/kernels.inc"

}  // namespace avx512
}  // namespace convoy

#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/depthwise/depthwise-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_DEPTHWISE_portable(kernel, stride) CONVOY_INSTANTIATE(kernel, stride)
#define CONVOY_DEPTHWISE_avx2(kernel, stride)
#define CONVOY_DEPTHWISE_avx512(kernel, stride)
#define CONVOY_DEPTHWISE(isa, kernel, stride) CONVOY_DEPTHWISE_##isa(kernel, stride)
#include "kernels/depthwise/kernels.inc"

}  // namespace portable
}  // namespace convoy

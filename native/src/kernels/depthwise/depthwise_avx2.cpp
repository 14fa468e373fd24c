#include "simd/vec_avx2.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/depthwise/depthwise-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_DEPTHWISE_portable(kernel, stride)
#define CONVOY_DEPTHWISE_avx2(kernel, stride) CONVOY_INSTANTIATE(kernel, stride)
#define CONVOY_DEPTHWISE_avx512(kernel, stride)
#define CONVOY_DEPTHWISE(isa, kernel, stride) CONVOY_DEPTHWISE_##isa(kernel, stride)
#include "kernels/depthwise/kernels.inc"

}  // namespace avx2
}  // namespace convoy

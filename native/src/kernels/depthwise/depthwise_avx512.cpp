#include "simd/vec_avx512.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/depthwise/depthwise-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_DEPTHWISE_portable(kernel, stride)
#define CONVOY_DEPTHWISE_avx2(kernel, stride)
#define CONVOY_DEPTHWISE_avx512(kernel, stride) CONVOY_INSTANTIATE(kernel, stride)
#define CONVOY_DEPTHWISE(isa, kernel, stride) CONVOY_DEPTHWISE_##isa(kernel, stride)
#include "kernels/depthwise/kernels.inc"

}  // namespace avx512
}  // namespace convoy

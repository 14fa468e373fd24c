#include "simd/vec_avx2.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/softmax/softmax-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_SOFTMAX_portable(name)
#define CONVOY_SOFTMAX_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_SOFTMAX_avx512(name)
#define CONVOY_SOFTMAX(isa, name) CONVOY_SOFTMAX_##isa(name)
#include "kernels/softmax/kernels.inc"

}  // namespace avx2
}  // namespace convoy

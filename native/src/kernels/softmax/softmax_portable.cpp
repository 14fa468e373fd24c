#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/softmax/softmax-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_SOFTMAX_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_SOFTMAX_avx2(name)
#define CONVOY_SOFTMAX_avx512(name)
#define CONVOY_SOFTMAX(isa, name) CONVOY_SOFTMAX_##isa(name)
#include "kernels/softmax/kernels.inc"

}  // namespace portable
}  // namespace convoy

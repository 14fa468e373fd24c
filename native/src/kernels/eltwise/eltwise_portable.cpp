#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/eltwise/eltwise-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_ELTWISE_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_ELTWISE_avx2(name)
#define CONVOY_ELTWISE_avx512(name)
#define CONVOY_ELTWISE(isa, name) CONVOY_ELTWISE_##isa(name)
#include "kernels/eltwise/kernels.inc"

}  // namespace portable
}  // namespace convoy

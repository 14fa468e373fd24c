#include "simd/vec_avx2.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/eltwise/eltwise-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_ELTWISE_portable(name)
#define CONVOY_ELTWISE_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_ELTWISE_avx512(name)
#define CONVOY_ELTWISE(isa, name) CONVOY_ELTWISE_##isa(name)
#include "kernels/eltwise/kernels.inc"

}  // namespace avx2
}  // namespace convoy

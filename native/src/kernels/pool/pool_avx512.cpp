#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/pool/pool-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_POOL_portable(name)
#define CONVOY_POOL_avx2(name)
#define CONVOY_POOL_avx512(name) CONVOY_INSTANTIATE(name)
#define CONVOY_POOL(isa, name) CONVOY_POOL_##isa(name)
#include "kernels/pool/kernels.inc"

}  // namespace avx512
}  // namespace convoy

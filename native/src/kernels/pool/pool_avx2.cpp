#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/pool/pool-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_POOL_portable(name)
#define CONVOY_POOL_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_POOL_avx512(name)
#define CONVOY_POOL(isa, name) CONVOY_POOL_##isa(name)
#include "kernels/pool/kernels.inc"

}  // namespace avx2
}  // namespace convoy

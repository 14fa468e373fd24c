#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/pool/pool-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_POOL_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_POOL_avx2(name)
#define CONVOY_POOL_avx512(name)
#define CONVOY_POOL(isa, name) CONVOY_POOL_##isa(name)
#include "kernels/pool/kernels.inc"

}  // namespace portable
}  // namespace convoy

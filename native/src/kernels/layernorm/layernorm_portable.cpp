#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_LAYERNORM_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LAYERNORM_avx2(name)
#define CONVOY_LAYERNORM_avx512(name)
#define CONVOY_LAYERNORM(isa, name) CONVOY_LAYERNORM_##isa(name)
#include "kernels/layernorm/kernels.inc"

}  // namespace portable
}  // namespace convoy

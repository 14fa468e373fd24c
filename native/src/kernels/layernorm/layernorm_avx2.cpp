#include "simd/vec_avx2.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_LAYERNORM_portable(name)
#define CONVOY_LAYERNORM_avx2(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LAYERNORM_avx512(name)
#define CONVOY_LAYERNORM(isa, name) CONVOY_LAYERNORM_##isa(name)
#include "kernels/layernorm/kernels.inc"

}  // namespace avx2
}  // namespace convoy

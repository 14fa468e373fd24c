#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/layernorm/layernorm-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_LAYERNORM_portable(name)
#define CONVOY_LAYERNORM_avx2(name)
#define CONVOY_LAYERNORM_avx512(name) CONVOY_INSTANTIATE(name)
#define CONVOY_LAYERNORM(isa, name) CONVOY_LAYERNORM_##isa(name)
#include "kernels/layernorm/kernels.inc"

}  // namespace avx512
}  // namespace convoy

#include "simd/vec_avx512.h"
// behind the vectors
#include "kernels/concat/concat-inl.h"

namespace convoy {
namespace avx512 {

#define CONVOY_CONCAT_portable(name)
#define CONVOY_CONCAT_avx2(name)
#define CONVOY_CONCAT_avx512(name) CONVOY_INSTANTIATE(name)
#define CONVOY_CONCAT(isa, name) CONVOY_CONCAT_##isa(name)
#include "kernels/concat/kernels.inc"

}  // namespace avx512
}  // namespace convoy

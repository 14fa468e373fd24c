#include "simd/vec_portable.h"
// behind the vectors
#include "kernels/concat/concat-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_CONCAT_portable(name) CONVOY_INSTANTIATE(name)
#define CONVOY_CONCAT_avx2(name)
#define CONVOY_CONCAT_avx512(name)
#define CONVOY_CONCAT(isa, name) CONVOY_CONCAT_##isa(name)
#include "kernels/concat/kernels.inc"

}  // namespace portable
}  // namespace convoy

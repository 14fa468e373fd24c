#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/gemm/gemm-inl.h"

namespace convoy {
namespace portable {

#define CONVOY_GEMM_portable(rows, columns, blocks) CONVOY_INSTANTIATE(rows, columns, blocks)
#define CONVOY_GEMM_avx2(rows, columns, blocks)
#define CONVOY_GEMM_avx512(rows, columns, blocks)
#define CONVOY_GEMM(isa, rows, columns, blocks) CONVOY_GEMM_##isa(rows, columns, blocks)
#include "kernels/gemm/kernels.inc"

}  // namespace portable
}  // namespace convoy

#include "simd/vec_avx2.h"
// behind the vectors
#include "simd/activations-inl.h"
// behind the activations
#include "kernels/gemm/gemm-inl.h"

namespace convoy {
namespace avx2 {

#define CONVOY_GEMM_portable(rows, columns)
#define CONVOY_GEMM_avx2(rows, columns) CONVOY_INSTANTIATE(rows, columns)
#define CONVOY_GEMM_avx512(rows, columns)
#define CONVOY_GEMM(isa, rows, columns) CONVOY_GEMM_##isa(rows, columns)
#include "kernels/gemm/kernels.inc"

}  // namespace avx2
}  // namespace convoy

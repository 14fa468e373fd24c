// Eight rows of eight floats, turned over. Included behind a vec_<isa>.h.
#ifndef CONVOY_SIMD_TRANSPOSE_H
#define CONVOY_SIMD_TRANSPOSE_H

#include <stdint.h>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

// to[i * to_row + j] = from[j * from_row + i] for i, j < 8.
inline void transpose8(const float* from, int64_t from_row, float* to, int64_t to_row) {
#ifdef __AVX__
  // the first half of row j beside that of row j + 4; then the second ones
  for (int half = 0; half < 8; half += 4) {
    __m256 rows[4];
    for (int j = 0; j < 4; ++j) {
      rows[j] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from + j * from_row + half)),
                                     _mm_loadu_ps(from + (j + 4) * from_row + half), 1);
    }
    const __m256 even_low = _mm256_unpacklo_ps(rows[0], rows[1]), even_high = _mm256_unpackhi_ps(rows[0], rows[1]);
    const __m256 odd_low = _mm256_unpacklo_ps(rows[2], rows[3]), odd_high = _mm256_unpackhi_ps(rows[2], rows[3]);
    float* const out = to + half * to_row;
    _mm256_storeu_ps(out, _mm256_shuffle_ps(even_low, odd_low, 0x44));
    _mm256_storeu_ps(out + to_row, _mm256_shuffle_ps(even_low, odd_low, 0xee));
    _mm256_storeu_ps(out + 2 * to_row, _mm256_shuffle_ps(even_high, odd_high, 0x44));
    _mm256_storeu_ps(out + 3 * to_row, _mm256_shuffle_ps(even_high, odd_high, 0xee));
  }
#else
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      to[i * to_row + j] = from[j * from_row + i];
    }
  }
#endif
}

}  // namespace
}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

#endif

// The vector vocabulary on AVX2 and FMA: eight floats. vec_portable.h says what each word means.
#ifndef CONVOY_SIMD_VEC_H
#define CONVOY_SIMD_VEC_H
#define CONVOY_ISA_NAMESPACE avx2

#if !defined(__AVX2__) || !defined(__FMA__) || defined(__AVX512F__)
#error "this file must be compiled for AVX2 and FMA, and no more: put it in convoy_avx2"
#endif

#include <immintrin.h>
#include <stdint.h>

namespace convoy {
namespace avx2 {
namespace {

constexpr int kLanes = 8;

struct Vec {
  __m256 v;
};
struct Int {
  __m256i v;
};
struct Mask {
  __m256 m;
};

inline Mask first(int n) {
  return {_mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)))};
}

inline Vec zero() { return {_mm256_setzero_ps()}; }
inline Vec set(float x) { return {_mm256_set1_ps(x)}; }
inline Vec broadcast(const float* p) { return {_mm256_broadcast_ss(p)}; }
inline Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
inline Vec held(Vec a) {
  asm("" : "+x"(a.v));
  return a;
}
inline void store(float* p, Vec a) { _mm256_storeu_ps(p, a.v); }
inline Vec load_first(const float* p, int n) { return {_mm256_maskload_ps(p, _mm256_castps_si256(first(n).m))}; }

inline Vec add(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
inline Vec sub(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline Vec mul(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Vec div(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec load8(const float* p) { return load(p); }
inline void accumulate(Vec& sum, Vec a, Vec b) { asm("vfmadd231ps %2, %1, %0" : "+x"(sum.v) : "x"(a.v), "x"(b.v)); }
inline void accumulate8(Vec& sum, const float* a, Vec b) { accumulate(sum, broadcast(a), b); }
inline Vec sqrt(Vec a) { return {_mm256_sqrt_ps(a.v)}; }
inline Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
inline Vec abs(Vec a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
inline Vec round(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
inline Vec floor(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)}; }

inline Mask less(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask less_equal(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask is_nan(Vec a) { return {_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q)}; }
inline Vec select(Mask m, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, m.m)}; }

inline Int load(const int32_t* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))}; }
inline Vec pick(const float* block, Int lanes) {
  const __m256 low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(block), lanes.v);
  const __m256 high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(block + 8), lanes.v);
  return {_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(lanes.v, 28)))};
}
inline Int pick8(const int32_t* eight, Int lanes) { return {_mm256_permutevar8x32_epi32(load(eight).v, lanes.v)}; }
inline Int set_int(int32_t x) { return {_mm256_set1_epi32(x)}; }
inline Int to_int(Vec a) { return {_mm256_cvtps_epi32(a.v)}; }
inline Vec to_float(Int a) { return {_mm256_cvtepi32_ps(a.v)}; }
inline Int bits(Vec a) { return {_mm256_castps_si256(a.v)}; }
inline Vec from_bits(Int a) { return {_mm256_castsi256_ps(a.v)}; }
inline Int add(Int a, Int b) { return {_mm256_add_epi32(a.v, b.v)}; }
inline Int sub(Int a, Int b) { return {_mm256_sub_epi32(a.v, b.v)}; }
inline Int min(Int a, Int b) { return {_mm256_min_epi32(a.v, b.v)}; }
inline bool any_least(Int a) {
  return _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(a.v, _mm256_set1_epi32(INT32_MIN)))) != 0;
}
inline Int bit_and(Int a, Int b) { return {_mm256_and_si256(a.v, b.v)}; }
inline Int bit_or(Int a, Int b) { return {_mm256_or_si256(a.v, b.v)}; }
template <int N>
inline Int shift_left(Int a) {
  return {_mm256_slli_epi32(a.v, N)};
}
template <int N>
inline Int shift_right(Int a) {
  return {_mm256_srai_epi32(a.v, N)};
}

inline Vec scale(Vec a, Vec n) {
  Int whole = to_int(n), half = shift_right<1>(whole), bias = set_int(127);
  return mul(mul(a, from_bits(shift_left<23>(add(half, bias)))),
             from_bits(shift_left<23>(add(sub(whole, half), bias))));
}

}  // namespace
}  // namespace avx2
}  // namespace convoy

#endif

// The vector vocabulary on AVX-512: sixteen floats, real masks. vec_portable.h says what each word means.
#ifndef CONVOY_SIMD_VEC_H
#define CONVOY_SIMD_VEC_H
#define CONVOY_ISA_NAMESPACE avx512

#if !defined(__AVX512F__) || !defined(__AVX512BW__) || !defined(__AVX512DQ__) || !defined(__AVX512VL__)
#error "this file must be compiled for AVX-512: put it in convoy_avx512"
#endif

#include <immintrin.h>
#include <stdint.h>

namespace convoy {
namespace avx512 {
namespace {

constexpr int kLanes = 16;

struct Vec {
  __m512 v;
};
struct Int {
  __m512i v;
};
struct Mask {
  __mmask16 m;
};

inline Vec zero() { return {_mm512_setzero_ps()}; }
inline Vec set(float x) { return {_mm512_set1_ps(x)}; }
inline Vec broadcast(const float* p) { return {_mm512_set1_ps(*p)}; }
inline Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
inline Vec held(Vec a) {
  asm("" : "+v"(a.v));
  return a;
}
inline void store(float* p, Vec a) { _mm512_storeu_ps(p, a.v); }
inline Vec load_first(const float* p, int n) {
  return {_mm512_maskz_loadu_ps(static_cast<__mmask16>(n >= 16 ? 0xffff : (1u << n) - 1), p)};
}

inline Vec add(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec sub(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec mul(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec div(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec load8(const float* p) {
  Vec r;  // GCC would copy what a cast widens
  asm("vmovups %1, %t0" : "=v"(r.v) : "m"(*reinterpret_cast<const float(*)[8]>(p)));
  return r;
}
inline void accumulate(Vec& sum, Vec a, Vec b) { asm("vfmadd231ps %2, %1, %0" : "+v"(sum.v) : "v"(a.v), "v"(b.v)); }
inline void accumulate8(Vec& sum, const float* a, Vec b) {
  asm("vfmadd231ps %2%{1to8%}, %t1, %t0" : "+v"(sum.v) : "v"(b.v), "m"(*a));
}
inline Vec sqrt(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
inline Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec abs(Vec a) { return {_mm512_abs_ps(a.v)}; }
inline Vec round(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
inline Vec floor(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)}; }

inline Vec scale(Vec a, Vec n) { return {_mm512_scalef_ps(a.v, n.v)}; }

inline Mask less(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask less_equal(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask is_nan(Vec a) { return {_mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q)}; }
inline Mask first(int n) { return {static_cast<__mmask16>(n <= 0 ? 0 : n >= 16 ? 0xffff : (1u << n) - 1)}; }
inline Vec select(Mask m, Vec yes, Vec no) { return {_mm512_mask_blend_ps(m.m, no.v, yes.v)}; }

inline Int load(const int32_t* p) { return {_mm512_loadu_si512(p)}; }
inline Vec pick(const float* block, Int lanes) { return {_mm512_permutexvar_ps(lanes.v, _mm512_loadu_ps(block))}; }
inline Int pick8(const int32_t* eight, Int lanes) {
  return {_mm512_permutexvar_epi32(
      lanes.v, _mm512_broadcast_i32x8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(eight))))};
}
inline Int set_int(int32_t x) { return {_mm512_set1_epi32(x)}; }
inline Int to_int(Vec a) { return {_mm512_cvtps_epi32(a.v)}; }
inline Vec to_float(Int a) { return {_mm512_cvtepi32_ps(a.v)}; }
inline Int bits(Vec a) { return {_mm512_castps_si512(a.v)}; }
inline Vec from_bits(Int a) { return {_mm512_castsi512_ps(a.v)}; }
inline Int add(Int a, Int b) { return {_mm512_add_epi32(a.v, b.v)}; }
inline Int sub(Int a, Int b) { return {_mm512_sub_epi32(a.v, b.v)}; }
inline Int min(Int a, Int b) { return {_mm512_min_epi32(a.v, b.v)}; }
inline bool any_least(Int a) { return _mm512_cmpeq_epi32_mask(a.v, _mm512_set1_epi32(INT32_MIN)) != 0; }
inline Int bit_and(Int a, Int b) { return {_mm512_and_si512(a.v, b.v)}; }
inline Int bit_or(Int a, Int b) { return {_mm512_or_si512(a.v, b.v)}; }
template <int N>
inline Int shift_left(Int a) {
  return {_mm512_slli_epi32(a.v, N)};
}
template <int N>
inline Int shift_right(Int a) {
  return {_mm512_srai_epi32(a.v, N)};
}

}  // namespace
}  // namespace avx512
}  // namespace convoy

#endif

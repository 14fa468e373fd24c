// The vector vocabulary, and its portable version: one vector is a block of sixteen floats, and every word a
// loop over them that the compiler vectorises as the base instruction set allows. vec_avx2.h and vec_avx512.h define
// the same words over intrinsics; a kernel is written once, over kLanes lanes, and compiled once for each of them in
// namespace CONVOY_ISA_NAMESPACE.
//
// Every word gives the same bits on every instruction set.
#ifndef CONVOY_SIMD_VEC_H
#define CONVOY_SIMD_VEC_H
#define CONVOY_ISA_NAMESPACE portable

#include <stdint.h>
#include <string.h>

namespace convoy {
namespace portable {
namespace {

constexpr int kLanes = 16;

struct Vec {
  float v[kLanes];
};
struct Int {
  int32_t v[kLanes];
};
struct Mask {
  bool m[kLanes];
};

#define CONVOY_LANES(type, expression) \
  type r;                              \
  for (int i = 0; i < kLanes; ++i) {   \
    r expression;                      \
  }                                    \
  return r;

inline Vec set(float x) { CONVOY_LANES(Vec, .v[i] = x) }
inline Vec zero() { return set(0); }
inline Vec broadcast(const float* p) { return set(*p); }
// Any alignment.
inline Vec load(const float* p) {
  Vec r;
  memcpy(&r, p, sizeof r);
  return r;
}
// The same, in a register: compilers would rather load a vector again for every use of it.
inline Vec held(Vec a) { return a; }
inline void store(float* p, Vec a) { memcpy(p, &a, sizeof a); }
// The first n floats (0 <= n), zero behind them; reads no further.
inline Vec load_first(const float* p, int n) { CONVOY_LANES(Vec, .v[i] = i < n ? p[i] : 0) }

inline Vec add(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] + b.v[i]) }
inline Vec sub(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] - b.v[i]) }
inline Vec mul(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] * b.v[i]) }
inline Vec div(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] / b.v[i]) }
// a * b + c, rounded once; a call of the C library where the base instruction set has no fused multiply-add.
inline Vec fma(Vec a, Vec b, Vec c) { CONVOY_LANES(Vec, .v[i] = __builtin_fmaf(a.v[i], b.v[i], c.v[i])) }
// Lanes 0 to 7 alone, the others may become anything: half a vector of sixteen lanes, or the whole of one of eight.
inline Vec load8(const float* p) { CONVOY_LANES(Vec, .v[i] = i < 8 ? p[i] : 0) }
// sum = a * b + sum, in the register of the sum: GCC's own choice in long code is another one now and then, until there
// are none left.
inline void accumulate(Vec& sum, Vec a, Vec b) { sum = fma(a, b, sum); }
// a in memory, because a register filled with it costs the FMA units of Zen 4 more than reading it again.
inline void accumulate8(Vec& sum, const float* a, Vec b) {
  for (int i = 0; i < 8; ++i) {
    sum.v[i] = __builtin_fmaf(*a, b.v[i], sum.v[i]);
  }
}
inline Vec sqrt(Vec a) { CONVOY_LANES(Vec, .v[i] = __builtin_sqrtf(a.v[i])) }
// a > b ? a : b, so that b = NaN stays and a = NaN gives b; of two zeros, b.
inline Vec max(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i]) }
// a < b ? a : b.
inline Vec min(Vec a, Vec b) { CONVOY_LANES(Vec, .v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i]) }
inline Vec abs(Vec a) { CONVOY_LANES(Vec, .v[i] = __builtin_fabsf(a.v[i])) }
// To the nearest integer, halves to the even one.
inline Vec round(Vec a) { CONVOY_LANES(Vec, .v[i] = __builtin_nearbyintf(a.v[i])) }
inline Vec floor(Vec a) { CONVOY_LANES(Vec, .v[i] = __builtin_floorf(a.v[i])) }

// False where either is NaN.
inline Mask less(Vec a, Vec b) { CONVOY_LANES(Mask, .m[i] = a.v[i] < b.v[i]) }
inline Mask less_equal(Vec a, Vec b) { CONVOY_LANES(Mask, .m[i] = a.v[i] <= b.v[i]) }
inline Mask is_nan(Vec a) { CONVOY_LANES(Mask, .m[i] = a.v[i] != a.v[i]) }
// The first n lanes, for any n: none below 1, all from kLanes on.
inline Mask first(int n) { CONVOY_LANES(Mask, .m[i] = i < n) }
inline Vec select(Mask m, Vec yes, Vec no) { CONVOY_LANES(Vec, .v[i] = m.m[i] ? yes.v[i] : no.v[i]) }

inline Int load(const int32_t* p) {
  Int r;
  memcpy(&r, p, sizeof r);
  return r;
}
// Lane i is block[lanes i], of sixteen floats; of a number only the lowest four bits count.
inline Vec pick(const float* block, Int lanes) { CONVOY_LANES(Vec, .v[i] = block[lanes.v[i] & 15]) }
// Lane i is eight[lanes i]; of a number only the lowest three bits count.
inline Int pick8(const int32_t* eight, Int lanes) { CONVOY_LANES(Int, .v[i] = eight[lanes.v[i] & 7]) }
inline Int set_int(int32_t x) { CONVOY_LANES(Int, .v[i] = x) }
// Rounded to the nearest, halves to even; INT32_MIN beyond the range and for NaN.
inline Int to_int(Vec a) {
  CONVOY_LANES(Int, .v[i] = a.v[i] >= -2147483648.0f && a.v[i] < 2147483648.0f
                                ? static_cast<int32_t>(__builtin_nearbyintf(a.v[i]))
                                : INT32_MIN)
}
inline Vec to_float(Int a) { CONVOY_LANES(Vec, .v[i] = static_cast<float>(a.v[i])) }
inline Int bits(Vec a) {
  Int r;
  memcpy(&r, &a, sizeof r);
  return r;
}
inline Vec from_bits(Int a) {
  Vec r;
  memcpy(&r, &a, sizeof r);
  return r;
}
// Integers wrap.
inline Int add(Int a, Int b) {
  CONVOY_LANES(Int, .v[i] = static_cast<int32_t>(static_cast<uint32_t>(a.v[i]) + static_cast<uint32_t>(b.v[i])))
}
inline Int sub(Int a, Int b) {
  CONVOY_LANES(Int, .v[i] = static_cast<int32_t>(static_cast<uint32_t>(a.v[i]) - static_cast<uint32_t>(b.v[i])))
}
inline Int min(Int a, Int b) { CONVOY_LANES(Int, .v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i]) }
// Whether a lane is INT32_MIN, which is the bits of -0.
inline bool any_least(Int a) {
  bool any = false;
  for (int i = 0; i < kLanes; ++i) {
    any |= a.v[i] == INT32_MIN;
  }
  return any;
}
inline Int bit_and(Int a, Int b) { CONVOY_LANES(Int, .v[i] = a.v[i] & b.v[i]) }
inline Int bit_or(Int a, Int b) { CONVOY_LANES(Int, .v[i] = a.v[i] | b.v[i]) }
template <int N>
inline Int shift_left(Int a) {
  CONVOY_LANES(Int, .v[i] = static_cast<int32_t>(static_cast<uint32_t>(a.v[i]) << N))
}
// Keeps the sign.
template <int N>
inline Int shift_right(Int a) {
  CONVOY_LANES(Int, .v[i] = a.v[i] >> N)
}

// a * 2^n for integers -252 <= n <= 252, rounded once if a * 2^(n / 2) is no denormal.
inline Vec scale(Vec a, Vec n) {
  Int whole = to_int(n), half = shift_right<1>(whole), bias = set_int(127);
  return mul(mul(a, from_bits(shift_left<23>(add(half, bias)))),
             from_bits(shift_left<23>(add(sub(whole, half), bias))));
}

#undef CONVOY_LANES

}  // namespace
}  // namespace portable
}  // namespace convoy

#endif

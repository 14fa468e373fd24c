// Activation functions on vectors, and the functions they are made of. Included behind a vec_<isa>.h.
//
// Every function is one chain of the vector words, so its bits are the same on every instruction set. NaN stays NaN.
// Where -infinity meets a factor 0 (SiLU, GELU, Mish, hard swish) the result is NaN, as in dev.convoy.reference.
// The first five kinds round like dev.convoy.reference. Largest errors of the others over all exponents, in units of
// the last place (activations_test holds them): exp 1.0, tanh 4.5, ELU 1.6, GELU 4.5, softplus 2.6, Mish 3.4; sigmoid
// and SiLU 3 + 1.2 |x|, and 0 below -88.
#include "convoy/convoy.h"

namespace convoy {
namespace CONVOY_ISA_NAMESPACE {
namespace {

#define CONVOY_INLINE inline __attribute__((always_inline))

// c[0] + c[1] x + ... + c[n - 1] x^(n - 1), by Horner's rule.
template <int n>
CONVOY_INLINE Vec polynomial(Vec x, const float (&c)[n]) {
  Vec sum = set(c[n - 1]);
#pragma GCC unroll 16
  for (int i = n - 2; i >= 0; --i) {
    sum = fma(sum, x, set(c[i]));
  }
  return sum;
}

// low <= x <= high, or NaN.
CONVOY_INLINE Vec clamp(Vec x, float low, float high) { return min(set(high), max(set(low), x)); }

// 2^n for integers -126 <= n <= 127.
CONVOY_INLINE Vec power_of_two(Int n) { return from_bits(shift_left<23>(add(n, set_int(127)))); }

// x = n ln 2 + r, |r| <= ln(2) / 2, and e^r - 1.
struct Reduced {
  Vec n;
  Vec expm1;
};

CONVOY_INLINE Reduced reduce(Vec x) {
  // (e^r - 1 - r) / r^2, relative error 1.5e-8 of e^r - 1
  static constexpr float kExpm1[] = {0x1p-1f, 0x1.5554b6p-3f, 0x1.5555bcp-5f, 0x1.12246p-7f, 0x1.6c5426p-10f};
  Vec n = round(mul(x, set(0x1.715476p+0f)));
  // ln 2 in two pieces; the first has so few bits that its product with n is exact
  Vec r = fma(n, set(-0x1.62e4p-1f), x);
  r = fma(n, set(-0x1.7f7d1cp-20f), r);
  return {n, fma(mul(r, r), polynomial(r, kExpm1), r)};
}

// e^x as mantissa * 2^n, so that only the last product rounds even where e^x is denormal. -120 <= x <= 120.
struct ScaledExp {
  Vec mantissa;
  Vec n;

  CONVOY_INLINE Vec times(Vec x) const { return scale(x, n); }
  CONVOY_INLINE Vec value() const { return times(mantissa); }
};

CONVOY_INLINE ScaledExp scaled_exp(Vec x) {
  Reduced reduced = reduce(x);
  return {add(reduced.expm1, set(1)), reduced.n};
}

// Saturates to 0 and infinity.
CONVOY_INLINE Vec exp(Vec x) { return scaled_exp(clamp(x, -105, 90)).value(); }

// e^x - 1 for x <= 80.
CONVOY_INLINE Vec expm1(Vec x) {
  Reduced reduced = reduce(max(set(-80), x));
  Vec scale = power_of_two(to_int(reduced.n));
  return fma(reduced.expm1, scale, sub(scale, set(1)));
}

// log(1 + x) for 0 <= x <= 1, as 2 artanh(x / (2 + x)).
CONVOY_INLINE Vec log1p(Vec x) {
  // (artanh(s) / s - 1) / s^2 in s^2, relative error 4.5e-9 of the whole
  static constexpr float kArtanh[] = {0x1.555502p-2f, 0x1.99d208p-3f, 0x1.1ebd08p-3f, 0x1.1ed7d4p-3f};
  Vec twice = div(add(x, x), add(set(2), x));
  Vec s = mul(set(0.5f), twice);
  Vec square = mul(s, s);
  return fma(mul(twice, square), polynomial(square, kArtanh), twice);
}

// y, but NaN where x is -infinity.
CONVOY_INLINE Vec nan_at_minus_infinity(Vec x, Vec y) {
  return select(less(x, set(-0x1.fffffep+127f)), set(__builtin_nanf("")), y);
}

// 0 > x ? 0 : x: -0 stays -0.
CONVOY_INLINE Vec relu(Vec x) { return max(zero(), x); }
CONVOY_INLINE Vec relu6(Vec x) { return min(set(6), relu(x)); }

CONVOY_INLINE Vec leaky_relu(Vec x, float alpha) { return select(less(x, zero()), mul(set(alpha), x), x); }
// relu6(x + 3) / 6. A wide division takes ten cycles; a product with the rounded sixth, corrected by what is left of
// the numerator, is rounded as well (P. Markstein, 1990), because no numerator here is denormal or infinite: all 213
// 909 505 of them were tried.
CONVOY_INLINE Vec hard_sigmoid(Vec x) {
  const Vec y = relu6(add(x, set(3))), sixth = set(1.0f / 6);
  const Vec q = mul(y, sixth);
  return fma(fma(q, set(-6), y), sixth, q);
}
CONVOY_INLINE Vec hard_swish(Vec x) { return mul(x, hard_sigmoid(x)); }

// 1 + e^-x, or infinity below x = -88.7: e^-x = 2^((n + f) / 8) with |f| <= 1/2, and 2^(n / 8) out of a table (P. T. P.
// Tang, 1989), which saves half of a polynomial that reaches as far.
CONVOY_INLINE Vec one_plus_exp_minus(Vec x) {
  // the bits of 2^(j / 8) less j << 20, so that adding n << 20 leaves n / 8, rounded down, to the exponent
  static constexpr int32_t kRoots[] = {0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7,
                                       0x3f7504f3, 0x3f75672a, 0x3f7744fd, 0x3f7ac0c7};
  // (2^(f / 8) - 1) / f, relative error 2.7e-8 of 2^(f / 8)
  static constexpr float kRest[] = {0x1.62e432p-4f, 0x1.ec0c42p-9f, 0x1.c69ff2p-14f};
  const Vec a = clamp(x, -88.73f, 87), eighths = set(-0x1.715476p+3f);
  // so large that its last bit is 1: the sum's low bits are n
  const Vec large = set(0x1.8p+23f), sum = fma(a, eighths, large);
  const Vec f = fma(a, eighths, sub(large, sum));
  const Int n = bits(sum);
  const Vec power = from_bits(add(pick8(kRoots, n), shift_left<20>(n)));
  return fma(fma(f, polynomial(f, kRest), set(1)), power, set(1));
}

CONVOY_INLINE Vec sigmoid(Vec x) { return div(set(1), one_plus_exp_minus(x)); }

// NaN at -infinity, as infinity / infinity is.
CONVOY_INLINE Vec silu(Vec x) { return div(x, one_plus_exp_minus(x)); }

// x P(x^2) / Q(x^2), a minimax quotient of relative error 2e-8 up to 9.02, from where on tanh rounds to 1.
CONVOY_INLINE Vec tanh(Vec x) {
  static constexpr float kP[] = {0x1p+0f, 0x1.120438p-3f, 0x1.c9f80ep-9f, 0x1.5954c6p-16f, 0x1.c9a21ep-27f};
  static constexpr float kQ[] = {0x1p+0f, 0x1.de5766p-2f, 0x1.a7df02p-6f, 0x1.58417ap-12f, 0x1.a0b74cp-21f};
  Vec a = clamp(x, -9.02f, 9.02f);
  Vec square = mul(a, a);
  return clamp(div(mul(a, polynomial(square, kP)), polynomial(square, kQ)), -1, 1);
}

CONVOY_INLINE Vec elu(Vec x, float alpha) { return select(less(x, zero()), mul(set(alpha), expm1(min(zero(), x))), x); }

// x Q(-x), Q(a) = erfc(a / sqrt 2) / 2 = e^(-a^2 / 2) t P(1 - t) with t = 1 / (1 + kNear a) for a >= 0, and Q(-a) = 1 -
// Q(a). A polynomial in 1 - t and not in t, because it loses nothing to cancellation where Q is large.
CONVOY_INLINE Vec gelu(Vec x) {
  // relative error 3e-8 up to a = 15, where Q vanishes
  constexpr float kNear = 0.345f;
  static constexpr float kTail[] = {0x1p-1f,         -0x1.500d9ap-1f, 0x1.268c96p-2f, 0x1.82e14ap-4f, -0x1.2047bcp-4f,
                                    -0x1.7e45dep-6f, -0x1.7ea2cp-5f,  0x1.48a084p-4f, -0x1.c9ab42p-6f};
  Vec a = min(set(15), abs(x));
  Vec scaled = mul(a, set(kNear));
  Vec t = div(set(1), add(scaled, set(1)));
  // a^2 / 2 without losing what the square's rounding takes
  Vec square = mul(a, a);
  Vec rest = fma(a, a, sub(zero(), square));
  ScaledExp e = scaled_exp(mul(set(-0.5f), square));
  Vec factor = mul(t, polynomial(mul(scaled, t), kTail));
  factor = fma(mul(set(-0.5f), rest), factor, factor);
  Vec tail = mul(e.mantissa, factor);
  Vec below = e.times(mul(sub(zero(), a), tail));
  Vec above = mul(x, sub(set(1), e.times(tail)));
  return nan_at_minus_infinity(x, select(less(x, zero()), below, above));
}

// max(x, 0) + log(1 + e^-|x|), which no x makes overflow.
CONVOY_INLINE Vec softplus(Vec x) {
  Vec y = add(max(zero(), x), log1p(exp(sub(zero(), abs(x)))));
  return select(less(set(20), x), x, y);
}

// tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2) with e = e^x; 1 from x = 20 on.
CONVOY_INLINE Vec mish(Vec x) {
  Vec low = clamp(x, -120, 20);
  ScaledExp e = scaled_exp(low);
  Vec value = e.value();
  Vec y = div(mul(mul(low, e.mantissa), add(value, set(2))), fma(value, add(value, set(2)), set(2)));
  return nan_at_minus_infinity(x, select(less(set(20), x), x, e.times(y)));
}

template <int32_t kKind>
CONVOY_INLINE Vec activated(Vec x, float alpha) {
  switch (kKind) {
    case CONVOY_RELU:
      return relu(x);
    case CONVOY_RELU6:
      return relu6(x);
    case CONVOY_LEAKY_RELU:
      return leaky_relu(x, alpha);
    case CONVOY_HARD_SIGMOID:
      return hard_sigmoid(x);
    case CONVOY_HARD_SWISH:
      return hard_swish(x);
    case CONVOY_SIGMOID:
      return sigmoid(x);
    case CONVOY_TANH:
      return tanh(x);
    case CONVOY_SILU:
      return silu(x);
    case CONVOY_ELU:
      return elu(x, alpha);
    case CONVOY_GELU:
      return gelu(x);
    case CONVOY_SOFTPLUS:
      return softplus(x);
    case CONVOY_MISH:
      return mish(x);
    default:
      return x;
  }
}

template <int32_t kKind>
struct Kind {
  static constexpr int32_t value = kKind;
};

// action(Kind<kind>), for loops that must not branch inside.
template <class Action>
CONVOY_INLINE void with_activation(int32_t kind, Action&& action) {
  switch (kind) {
#define CONVOY_CASE(name) \
  case name:              \
    return action(Kind<name>());
    CONVOY_CASE(CONVOY_RELU)
    CONVOY_CASE(CONVOY_RELU6)
    CONVOY_CASE(CONVOY_LEAKY_RELU)
    CONVOY_CASE(CONVOY_HARD_SIGMOID)
    CONVOY_CASE(CONVOY_HARD_SWISH)
    CONVOY_CASE(CONVOY_SIGMOID)
    CONVOY_CASE(CONVOY_TANH)
    CONVOY_CASE(CONVOY_SILU)
    CONVOY_CASE(CONVOY_ELU)
    CONVOY_CASE(CONVOY_GELU)
    CONVOY_CASE(CONVOY_SOFTPLUS)
    CONVOY_CASE(CONVOY_MISH)
#undef CONVOY_CASE
    default:
      return action(Kind<CONVOY_IDENTITY>());
  }
}

// One vector; the branch is the same for a whole tensor, so it is predicted.
inline Vec activate(Vec x, int32_t kind, float alpha) {
  with_activation(kind, [&](auto known) { x = activated<decltype(known)::value>(x, alpha); });
  return x;
}

}  // namespace
}  // namespace CONVOY_ISA_NAMESPACE
}  // namespace convoy

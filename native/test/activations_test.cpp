// The activation functions against the C library in double, over every exponent.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <functional>
#include <random>

#include "kernels/eltwise/eltwise.h"
#include "layer_case.h"
#include "simd/vec_portable.h"
// behind the vectors
#include "simd/activations-inl.h"

namespace convoy::test {
namespace {

float from_bits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// Both signs of every exponent, denormals included; more where the functions bend; zeros, infinities and NaN.
const std::vector<float>& arguments() {
  static const std::vector<float> all = [] {
    std::vector<float> x;
    std::mt19937 random(7);
    for (uint32_t exponent = 0; exponent < 256; ++exponent) {
      const bool interesting = exponent >= 112 && exponent <= 135;
      for (int i = 0; i < (interesting ? 3000 : 40); ++i) {
        const uint32_t mantissa = i == 0 ? 0 : i == 1 ? 0x7fffff : random() & 0x7fffff;
        for (uint32_t sign : {0u, 0x80000000u}) {
          x.push_back(from_bits(sign | exponent << 23 | mantissa));
        }
      }
    }
    for (int i = -24000; i <= 24000; ++i) {
      x.push_back(static_cast<float>(i) * 0.005f);
    }
    x.resize(ceil_div(static_cast<int64_t>(x.size()), kBlock) * kBlock, 0.0f);
    return x;
  }();
  return all;
}

std::vector<float> run(Isa isa, int32_t kind, float alpha) {
  const std::vector<float>& x = arguments();
  std::vector<float> y(x.size());
  eltwise::Stream stream{};
  stream.a = x.data();
  stream.out = y.data();
  stream.pixels = static_cast<int64_t>(x.size()) / kBlock;
  stream.activation = kind;
  stream.alpha = alpha;
  stream.lanes = kBlock;
  eltwise::table(isa).activate(stream);
  return y;
}

// The distance of two neighbours of the float nearest to x.
double ulp(double x) {
  const float magnitude = static_cast<float>(std::fabs(x));
  if (magnitude < std::numeric_limits<float>::min()) {
    return std::numeric_limits<float>::denorm_min();
  }
  return std::ldexp(1.0, std::ilogb(magnitude) - 23);
}

struct Worst {
  double error = 0;
  float at = 0;

  void see(double e, float x) {
    if (e > error) {
      error = e;
      at = x;
    }
  }
};

// The largest error in ulp (1 + drift |x|), beyond what vanishes; infinities and NaN must be met exactly.
Worst compare(const std::vector<float>& y, const std::function<double(double)>& f, const char* name, double drift = 0,
              double vanishes = 0) {
  Worst worst;
  int wrong = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    const float x = arguments()[i];
    const double want = f(x);
    const float rounded = static_cast<float>(want);
    if (!std::isfinite(rounded) || !std::isfinite(y[i])) {
      if (!same_number(rounded, y[i]) && ++wrong < 4) {
        ADD_FAILURE() << name << "(" << x << ") is " << y[i] << ", not " << want;
      }
      continue;
    }
    const double error = std::fabs(y[i] - want);
    worst.see(error <= vanishes ? 0 : error / ulp(want) / (1 + drift * std::fabs(x)), x);
  }
  std::printf("%-10s max error %.3f ulp at %.9g\n", name, worst.error, static_cast<double>(worst.at));
  return worst;
}

double softplus(double x) { return x > 20 ? x : std::log1p(std::exp(x)); }
double gelu(double x) { return x * std::erfc(-x * std::sqrt(0.5)) / 2; }

struct Function {
  int32_t kind;
  const char* name;
  double most_ulp;
  std::function<double(double)> of;
  double drift = 0;
  double vanishes = 0;
};

const float kAlpha = 0.7f;

const std::vector<Function>& functions() {
  static const std::vector<Function> all = {
      {CONVOY_SIGMOID, "sigmoid", 3, [](double x) { return 1 / (1 + std::exp(-x)); }, 0.1, 4e-39},
      {CONVOY_TANH, "tanh", 4.5, [](double x) { return std::tanh(x); }},
      {CONVOY_SILU, "silu", 3, [](double x) { return x / (1 + std::exp(-x)); }, 0.1, 3e-37},
      {CONVOY_ELU, "elu", 2, [](double x) { return x < 0 ? kAlpha * std::expm1(x) : x; }},
      {CONVOY_GELU, "gelu", 5, gelu},
      {CONVOY_SOFTPLUS, "softplus", 3, softplus},
      {CONVOY_MISH, "mish", 4, [](double x) { return x * std::tanh(softplus(x)); }},
  };
  return all;
}

TEST(Activations, AreNearTheTruthForEveryExponent) {
  for (const Function& f : functions()) {
    const Worst worst = compare(run(Isa::portable, f.kind, kAlpha), f.of, f.name, f.drift, f.vanishes);
    EXPECT_LE(worst.error, f.most_ulp) << f.name << " at " << worst.at;
  }
}

TEST(Activations, ExpSaturatesAndIsWithinTwoUlp) {
  const std::vector<float>& x = arguments();
  std::vector<float> y(x.size());
  for (size_t i = 0; i < x.size(); i += portable::kLanes) {
    portable::store(&y[i], portable::exp(portable::load(&x[i])));
  }
  EXPECT_LE(compare(
                y, [](double v) { return std::exp(v); }, "exp")
                .error,
            2);
}

TEST(Activations, GeluIsAbsolutelyNear) {
  const std::vector<float> y = run(Isa::portable, CONVOY_GELU, 0);
  Worst worst;
  for (size_t i = 0; i < y.size(); ++i) {
    const double x = arguments()[i];
    if (std::isfinite(x) && std::fabs(x) > 1e-30) {
      worst.see(std::fabs(y[i] - gelu(x)) / std::fabs(x), arguments()[i]);
    }
  }
  std::printf("gelu       max error %.3g |x| at %.9g\n", worst.error, static_cast<double>(worst.at));
  EXPECT_LE(worst.error, 1.5e-7);
}

TEST(Activations, HaveTheSameBitsOnEveryInstructionSet) {
  for (int32_t kind = CONVOY_IDENTITY; kind <= CONVOY_MISH; ++kind) {
    const std::vector<float> first = run(Isa::portable, kind, kAlpha);
    for (Isa isa : every_isa()) {
      const std::vector<float> y = run(isa, kind, kAlpha);
      for (size_t i = 0; i < y.size(); ++i) {
        ASSERT_TRUE(same_number(first[i], y[i])) << "activation " << kind << " of " << arguments()[i] << " is " << y[i]
                                                 << " on " << name_of(isa) << ", " << first[i] << " on portable";
      }
    }
  }
}

TEST(Activations, AreFiniteUpTo1e30AndKeepNaN) {
  for (int32_t kind = CONVOY_IDENTITY; kind <= CONVOY_MISH; ++kind) {
    const std::vector<float> y = run(Isa::portable, kind, kAlpha);
    for (size_t i = 0; i < y.size(); ++i) {
      const float x = arguments()[i];
      if (std::fabs(x) <= 1e30f) {
        ASSERT_TRUE(std::isfinite(y[i])) << "activation " << kind << " of " << x << " is " << y[i];
      } else if (x != x) {
        ASSERT_TRUE(y[i] != y[i]) << "activation " << kind << " of NaN is " << y[i];
      }
    }
  }
}

TEST(Activations, TanhIsOddAndReachesOne) {
  const std::vector<float>& x = arguments();
  const std::vector<float> y = run(Isa::portable, CONVOY_TANH, 0);
  GuardedBuffer negative(static_cast<int64_t>(x.size())), z(static_cast<int64_t>(x.size()));
  std::transform(x.begin(), x.end(), negative.begin(), [](float v) { return -v; });
  eltwise::Stream stream{};
  stream.a = negative.data();
  stream.out = z.data();
  stream.pixels = z.size() / kBlock;
  stream.activation = CONVOY_TANH;
  stream.lanes = kBlock;
  eltwise::table(Isa::portable).activate(stream);
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_TRUE(same_number(z.data()[i], -y[i])) << x[i];
    ASSERT_FALSE(std::fabs(y[i]) > 1) << x[i] << " gives " << y[i];
    ASSERT_TRUE(!(std::fabs(x[i]) > 9.1f) || std::fabs(y[i]) == 1) << x[i] << " gives " << y[i];
  }
}

}  // namespace
}  // namespace convoy::test

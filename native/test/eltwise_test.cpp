#include "ops/eltwise.h"

#include "kernels/eltwise/eltwise.h"
#include "layer_case.h"

namespace convoy::test {
namespace {

struct Size {
  int c, h, w, batch;
};
constexpr Size kSizes[] = {{1, 1, 1, 1},  {3, 2, 5, 3},    {15, 13, 1, 2}, {16, 8, 8, 1},
                           {17, 7, 7, 3}, {33, 30, 41, 2}, {40, 1, 1, 3}};

// dev.convoy.reference's functions of comparisons, sums, products and quotients.
float reference(float x, int32_t kind, float alpha) {
  auto relu6 = [](float v) {
    float positive = 0 > v ? 0 : v;
    return 6 < positive ? 6 : positive;
  };
  switch (kind) {
    case CONVOY_RELU:
      return 0 > x ? 0 : x;
    case CONVOY_RELU6:
      return relu6(x);
    case CONVOY_LEAKY_RELU:
      return x < 0 ? alpha * x : x;
    case CONVOY_HARD_SIGMOID:
      return relu6(x + 3) / 6;
    case CONVOY_HARD_SWISH:
      return x * (relu6(x + 3) / 6);
    default:
      return x;
  }
}

TEST(Eltwise, ScaleShiftIsOneFma) {
  for (const Size& s : kSizes) {
    Map in(s.c, s.h, s.w, s.batch), out(s.c, s.h, s.w, s.batch);
    place(in, out);
    Numbers numbers;
    in.fill([&] { return numbers.gaussian(); });
    GuardedBuffer scale(s.c), shift(s.c);
    std::generate(scale.begin(), scale.end(), [&] { return numbers.gaussian(); });
    std::generate(shift.begin(), shift.end(), [&] { return numbers.gaussian(); });
    const std::vector<float> x = in.copy();
    auto sum = [&](int n, int c, int y, int col) {
      return std::fma(x[in.index(n, c, y, col)], scale.data()[c], shift.data()[c]);
    };
    for (Map* target : {&out, &in}) {
      for (int activation : {CONVOY_IDENTITY, CONVOY_RELU6, CONVOY_HARD_SIGMOID}) {
        check_exact(
            in, *target, "scale_shift " + shape_text(in.value, s.batch),
            [&](Isa isa) {
              return make_scale_shift(isa, in.value, target->value, scale.data(), shift.data(), activation, 0);
            },
            [&](int n, int c, int y, int col) { return reference(sum(n, c, y, col), activation, 0); });
      }
    }
  }
}

TEST(Eltwise, MultiplyHasAFactorForEachChannelOfEachImage) {
  for (const Size& s : kSizes) {
    Map in(s.c, s.h, s.w, s.batch), factors(s.c, 1, 1, s.batch), out(s.c, s.h, s.w, s.batch);
    place(in, factors);
    place(in, out);
    Numbers numbers;
    in.fill([&] { return numbers.gaussian(); });
    factors.fill([&] { return numbers.gaussian(); });
    const std::vector<float> x = in.copy();
    for (Map* target : {&out, &in}) {
      check_exact(
          in, *target, "multiply " + shape_text(in.value, s.batch),
          [&](Isa isa) { return make_multiply(isa, in.value, factors.value, target->value); },
          [&](int n, int c, int y, int col) { return x[in.index(n, c, y, col)] * factors.at(n, c, 0, 0); });
    }
  }
}

TEST(Eltwise, AddAndActivateEqualTheReferenceBitForBit) {
  for (const Size& s : kSizes) {
    Map a(s.c, s.h, s.w, s.batch), b(s.c, s.h, s.w, s.batch), out(s.c, s.h, s.w, s.batch);
    place(a, b);
    place(a, out);
    Numbers numbers;
    for (bool special : {false, true}) {
      auto number = [&] { return special ? numbers.special() : 4 * numbers.gaussian(); };
      a.fill(number);
      b.fill(number);
      const std::vector<float> x = a.copy(), y = b.copy();
      for (int32_t kind = CONVOY_IDENTITY; kind <= CONVOY_HARD_SWISH; ++kind) {
        const float alpha = 0.1f;
        const std::string what = std::to_string(kind) + " on " + shape_text(a.value, s.batch);
        for (Map* target : {&out, &a}) {
          check_exact(
              a, *target, "activate " + what,
              [&](Isa isa) { return make_activate(isa, a.value, target->value, kind, alpha); },
              [&](int n, int c, int row, int col) { return reference(x[a.index(n, c, row, col)], kind, alpha); });
          check_exact(
              a, *target, "add " + what,
              [&](Isa isa) { return make_add(isa, a.value, b.value, target->value, kind, alpha); },
              [&](int n, int c, int row, int col) {
                const int64_t at = a.index(n, c, row, col);
                return reference(x[at] + y[at], kind, alpha);
              });
        }
      }
    }
  }
}

TEST(Eltwise, LanesWithoutAChannelStayZeroUnderEveryActivation) {
  for (int32_t kind = CONVOY_IDENTITY; kind <= CONVOY_MISH; ++kind) {
    Map in(17, 3, 3, 2), out(17, 3, 3, 2);
    place(in, out);
    in.fill([] { return 0.0f; });
    const double at_zero = kind == CONVOY_HARD_SIGMOID || kind == CONVOY_SIGMOID ? 0.5
                           : kind == CONVOY_SOFTPLUS                             ? std::log(2.0)
                                                                                 : 0.0;
    check(
        in, out, "activation " + std::to_string(kind),
        [&](Isa isa) { return make_activate(isa, in.value, out.value, kind, 0.5f); },
        [&](int, int, int, int) { return at_zero; }, [](double x) { return x * 1e-7; });
  }
}

TEST(Eltwise, SumsOfTwoStreamsAreRoundedOnce) {
  constexpr int64_t kPixels = 5;
  Numbers numbers;
  GuardedBuffer a(kPixels * kBlock), b(kPixels * kBlock), scale(kBlock);
  for (GuardedBuffer* buffer : {&a, &b, &scale}) {
    std::generate(buffer->begin(), buffer->end(), [&] { return numbers.gaussian(); });
  }
  for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
    const eltwise::Table& table = eltwise::table(static_cast<Isa>(isa));
    auto check = [&](const char* name, eltwise::Function function, auto&& expected) {
      GuardedBuffer out(kPixels * kBlock);
      eltwise::Stream stream{};
      stream.a = a.data();
      stream.b = b.data();
      stream.out = out.data();
      stream.pixels = kPixels;
      stream.scale = scale.data();
      stream.lanes = kBlock;
      function(stream);
      for (int64_t i = 0; i < kPixels * kBlock; ++i) {
        EXPECT_EQ(out.data()[i], expected(a.data()[i], b.data()[i], scale.data()[i % kBlock]))
            << name << " " << isa_name(isa) << " at " << i;
      }
    };
    check("subtract", table.subtract, [](float x, float y, float) { return x - y; });
    check("multiply_add", table.multiply_add, [](float x, float y, float times) { return std::fma(y, times, x); });
    check("multiply_subtract", table.multiply_subtract,
          [](float x, float y, float times) { return std::fma(y, times, -x); });
  }
}

TEST(Eltwise, AnInputMayBeAddedToItself) {
  Map a(5, 3, 3, 2);
  Numbers numbers;
  a.fill([&] { return numbers.integer(); });
  const std::vector<float> x = a.copy();
  check_exact(
      a, a, "a + a", [&](Isa isa) { return make_add(isa, a.value, a.value, a.value, CONVOY_IDENTITY, 0); },
      [&](int n, int c, int row, int col) { return 2 * x[a.index(n, c, row, col)]; });
}

}  // namespace
}  // namespace convoy::test

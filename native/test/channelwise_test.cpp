#include "ops/channelwise.h"

#include <cstdio>

#include "layer_case.h"

namespace convoy::test {
namespace {

struct Size {
  int c, h, w, batch;
};
constexpr Size kSizes[] = {{1, 1, 1, 1}, {3, 13, 2, 3}, {15, 5, 5, 1}, {16, 8, 8, 1}, {17, 9, 7, 3}, {33, 4, 11, 2}};

TEST(Lrn, EqualsTheFormulaWithinAFewUlp) {
  struct Parameters {
    int size;
    float alpha, beta, k;
  };
  double worst = 0;
  for (const Parameters& q : {Parameters{5, 1e-4f, 0.75f, 2},
                              {5, 0.5f, 0.75f, 1},
                              {4, 1, 0.5f, 1},
                              {1, 2, 1, 0.5f},
                              {3, 0.3f, 0.6f, 1.5f},
                              {100, 1, 0.75f, 1},
                              {INT32_MAX, 1e9f, 0.75f, 1}}) {
    for (const Size& s : kSizes) {
      Map in(s.c, s.h, s.w, s.batch), out(s.c, s.h, s.w, s.batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return 3 * numbers.gaussian(); });
      auto expected = [&](int n, int c, int y, int x) {
        const int64_t first = c - q.size / 2;
        double sum = 0;
        for (int64_t i = std::max<int64_t>(first, 0); i < std::min<int64_t>(first + q.size, s.c); ++i) {
          const double v = in.at(n, static_cast<int>(i), y, x);
          sum += v * v;
        }
        return in.at(n, c, y, x) / std::pow(q.k + double{q.alpha} / q.size * sum, double{q.beta});
      };
      check(
          in, out, "lrn of size " + std::to_string(q.size) + " " + shape_text(in.value, s.batch),
          [&](Isa isa) { return make_lrn(isa, in.value, out.value, q.size, q.alpha, q.beta, q.k); }, expected,
          [](double v) { return std::fabs(v) * 8e-7; });
      out.each([&](int n, int c, int y, int x) {
        const double want = expected(n, c, y, x);
        if (n == 0 && want != 0) worst = std::max(worst, std::fabs(out.at(n, c, y, x) / want - 1));
      });
    }
  }
  std::printf("lrn        max relative error %.3g\n", worst);
}

TEST(Lrn, AZeroDivisorLeavesTheOtherLanesZero) {
  Map in(3, 2, 2, 1), out(3, 2, 2, 1);
  place(in, out);
  in.fill([] { return 2.0f; });
  check_exact(
      in, out, "lrn without k and alpha", [&](Isa isa) { return make_lrn(isa, in.value, out.value, 5, 0, 0.75f, 0); },
      [](int, int, int, int) { return INFINITY; });
}

// The documented order in float: sixteen partial sums, then halves onto halves.
template <class Term>
float folded(int channels, Term&& term) {
  float partial[16] = {};
  for (int c = 0; c < channels; ++c) {
    partial[c % 16] = term(partial[c % 16], c);
  }
  for (int half = 8; half >= 1; half /= 2) {
    for (int i = 0; i < half; ++i) partial[i] += partial[i + half];
  }
  return partial[0];
}

TEST(LayerNorm, FollowsTheDocumentedOrderToTheBit) {
  for (const Size& s :
       {Size{1, 1, 1, 1}, {3, 13, 2, 3}, {16, 8, 8, 1}, {17, 9, 7, 3}, {96, 30, 20, 2}, {770, 1, 1, 3}}) {
    for (bool in_place : {false, true}) {
      Map in(s.c, s.h, s.w, s.batch), out(s.c, s.h, s.w, s.batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return 3 + 2 * numbers.gaussian(); });
      GuardedBuffer weight(s.c), bias(s.c);
      for (int c = 0; c < s.c; ++c) {
        weight.data()[c] = numbers.gaussian();
        bias.data()[c] = numbers.gaussian();
      }
      const float eps = 1e-6f, count = static_cast<float>(s.c);
      const std::vector<float> kept = in.copy();
      auto x = [&](int n, int c, int y, int col) { return kept[in.index(n, c, y, col)]; };
      auto expected = [&](int n, int c, int y, int col) {
        const float mean = folded(s.c, [&](float sum, int i) { return sum + x(n, i, y, col); }) / count;
        const float squares = folded(s.c, [&](float sum, int i) {
          const float d = x(n, i, y, col) - mean;
          return std::fma(d, d, sum);
        });
        const float r = 1 / std::sqrt(squares / count + eps);
        return std::fma((x(n, c, y, col) - mean) * r, weight.data()[c], bias.data()[c]);
      };
      Map& result = in_place ? in : out;
      check_exact(
          in, result, std::string(in_place ? "layer norm in place " : "layer norm ") + shape_text(in.value, s.batch),
          [&](Isa isa) { return make_layer_norm(isa, in.value, result.value, weight.data(), bias.data(), eps); },
          expected);
    }
  }
}

TEST(LayerNorm, EqualChannelsGiveTheBiasAndTheOtherLanesStayZero) {
  Map in(21, 3, 3, 2), out(21, 3, 3, 2);
  place(in, out);
  in.fill([] { return -7.0f; });
  const std::vector<float> weight(21, 2.0f), bias(21, 0.5f);
  check_exact(
      in, out, "layer norm of a constant",
      [&](Isa isa) { return make_layer_norm(isa, in.value, out.value, weight.data(), bias.data(), 1e-6f); },
      [](int, int, int, int) { return 0.5f; });
}

// dev.convoy.reference: everything in double.
double softmax(const Map& in, bool log, int n, int c, int y, int x) {
  double most = in.at(n, 0, y, x);
  for (int i = 1; i < in.value.c; ++i) {
    const double v = in.at(n, i, y, x);
    most = v > most || v != v ? v : most;
  }
  double sum = 0;
  for (int i = 0; i < in.value.c; ++i) {
    sum += std::exp(in.at(n, i, y, x) - most);
  }
  const double above = in.at(n, c, y, x) - most;
  return log ? above - std::log(sum) : std::exp(above) / sum;
}

TEST(Softmax, EqualsTheFormulaOverTheChannels) {
  for (bool log : {false, true}) {
    for (const Size& s : {Size{1, 1, 1, 1},
                          {3, 13, 2, 3},
                          {15, 5, 5, 1},
                          {16, 8, 8, 1},
                          {17, 9, 7, 3},
                          {33, 30, 20, 2},
                          {10, 1, 1, 3},
                          {1000, 1, 1, 3},
                          {4099, 1, 1, 2}}) {
      Map in(s.c, s.h, s.w, s.batch), out(s.c, s.h, s.w, s.batch);
      place(in, out);
      Numbers numbers;
      in.fill([&] { return 5 * numbers.gaussian(); });
      check(
          in, out, (log ? "log softmax " : "softmax ") + shape_text(in.value, s.batch),
          [&](Isa isa) { return make_softmax(isa, in.value, out.value, log); },
          [&](int n, int c, int y, int x) { return softmax(in, log, n, c, y, x); },
          [&](double v) {
            // x - max is rounded, which is that much of an exponent; a sum near 1 that much of a logarithm
            return log ? 4e-7 * std::fabs(v) + 2e-7 : std::fabs(v) * (1e-6 + 1.2e-7 * std::fabs(std::log(v)));
          });
    }
  }
}

TEST(Softmax, NeitherOverflowsNorHidesNaN) {
  for (bool log : {false, true}) {
    Map in(20, 4, 4, 1), out(20, 4, 4, 1);
    place(in, out);
    Numbers numbers;
    in.fill([&] { return 1e4f * numbers.gaussian(); });
    float* x = in.data.data();
    x[in.index(0, 18, 0, 0)] = std::numeric_limits<float>::quiet_NaN();
    x[in.index(0, 3, 0, 1)] = std::numeric_limits<float>::infinity();
    x[in.index(0, 3, 0, 2)] = -std::numeric_limits<float>::infinity();
    for (int c = 0; c < 20; ++c) {
      x[in.index(0, c, 0, 3)] = -std::numeric_limits<float>::infinity();
      x[in.index(0, c, 1, 0)] = -1e30f;
    }
    check(
        in, out, "extreme softmax", [&](Isa isa) { return make_softmax(isa, in.value, out.value, log); },
        [&](int n, int c, int y, int col) { return softmax(in, log, n, c, y, col); },
        [](double v) { return std::isfinite(v) ? 1e-6 * std::fabs(v) + 1e-44 : 0; });
  }
}

}  // namespace
}  // namespace convoy::test

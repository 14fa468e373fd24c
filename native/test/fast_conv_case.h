// What is checked of convolutions whose sums have another order than EXACT's: Winograd's and Strassen's.
#ifndef CONVOY_TEST_FAST_CONV_CASE_H
#define CONVOY_TEST_FAST_CONV_CASE_H

#include <gtest/gtest.h>

#include "base/pool.h"
#include "conv_case.h"

namespace convoy::test {

inline std::vector<Isa> isas() {
  std::vector<Isa> isas;
  for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
    isas.push_back(static_cast<Isa>(isa));
  }
  return isas;
}

// An algorithm asked although the choice by shape might prefer another.
inline std::vector<float> run(ConvCase& c, Isa isa, const ConvAlgorithm& algorithm, int threads, int images = 0) {
  std::string refusal;
  ConvAlgorithm always = algorithm;
  always.refusal = [](const Convolution&) { return std::string(); };
  return c.run(isa, always, threads, &refusal, images);
}

struct Reference {
  std::vector<ConvCase::Expected> elements;  // [image][channel][pixel]
  double most_value = 0, most_magnitude = 0;

  explicit Reference(ConvCase& c) {
    const Value& v = c.problem().out;
    for (int n = 0; n < c.batch(); ++n) {
      for (int o = 0; o < v.c; ++o) {
        for (int64_t pixel = 0; pixel < v.pixels(); ++pixel) {
          elements.push_back(c.expected(n, o, pixel / v.w, pixel % v.w));
          most_value = std::max<double>(most_value, std::fabs(elements.back().value));
          most_magnitude = std::max(most_magnitude, elements.back().magnitude);
        }
      }
    }
  }
};

// The largest difference from what `number` takes of the expectation; lanes without a channel must be +0.
template <class Number>
double largest_error(ConvCase& c, const Reference& reference, const std::vector<float>& out, Number&& number) {
  const Value& v = c.problem().out;
  double most = 0;
  auto expected = reference.elements.begin();
  for (int n = 0; n < c.batch(); ++n) {
    for (int o = 0; o < v.blocks() * kBlock; ++o) {
      for (int64_t pixel = 0; pixel < v.pixels(); ++pixel) {
        const float got = out[n * v.image_floats + (o / kBlock * v.pixels() + pixel) * kBlock + o % kBlock];
        if (o >= v.c) {
          EXPECT_EQ(bits_of(got), 0u) << "lane " << o << " of pixel " << pixel;
        } else {
          const double error = std::fabs(got - double{number(*expected++)});
          most = std::isnan(error) ? INFINITY : std::max(most, error);
        }
      }
    }
  }
  return most;
}

// Every instruction set against double precision and against each other.
inline void expect_right(ConvCase& c, const ConvAlgorithm& algorithm, bool exact, const std::string& what) {
  const Reference reference(c);
  std::vector<float> first;
  for (Isa isa : isas()) {
    const std::vector<float> out = run(c, isa, algorithm, 1);
    const std::string who = std::string(algorithm.name) + " " + isa_name(static_cast<int>(isa)) + " " + what;
    if (first.empty()) {
      // against the sum of magnitudes: an image of one pixel may cancel to nothing
      const double error = largest_error(c, reference, out, [](const auto& e) { return e.value; });
      EXPECT_LE(error, exact ? 0 : 4e-6 * reference.most_magnitude) << who;
      first = out;
    } else {
      ASSERT_EQ(std::memcmp(first.data(), out.data(), out.size() * sizeof(float)), 0)
          << who << " differs from portable in some bit";
    }
  }
}

// Wherever an image stands in a batch, whatever threads there are.
inline void expect_same_bits(const bench::Shape& shape, const ConvAlgorithm& algorithm) {
  pool_start(4);
  ConvCase many(shape, 5, Fill::gaussian, true, CONVOY_RELU, 0);
  many.repeat_first_image();
  const int64_t image = many.problem().out.image_floats, floats = many.problem().out.floats();
  const std::vector<float> alone = run(many, detected_isa(), algorithm, 1, 1);
  for (int threads : {1, 2, 3, 4}) {
    const std::vector<float> out = run(many, detected_isa(), algorithm, threads);
    for (int n = 0; n < 5; ++n) {
      EXPECT_EQ(std::memcmp(out.data() + n * image, alone.data(), floats * sizeof(float)), 0)
          << algorithm.name << ": image " << n << ", " << threads << " threads";
    }
    const std::vector<float> again = run(many, detected_isa(), algorithm, threads, 1);
    EXPECT_EQ(std::memcmp(again.data(), alone.data(), floats * sizeof(float)), 0)
        << algorithm.name << ": one image, " << threads << " threads";
  }
}

// Inputs and filters that are as FAST's promise means them, and such as make rounding show.
enum class Scales { gaussian, offset, channels, filters, compensated };
constexpr Scales kAllScales[] = {Scales::gaussian, Scales::offset, Scales::channels, Scales::filters,
                                 Scales::compensated};

inline void scale(ConvCase& c, Scales scales) {
  const Value& in = c.problem().in;
  const int64_t taps = int64_t{c.problem().window.kernel_h} * c.problem().window.kernel_w;
  auto power = [](int64_t i) { return std::exp2(static_cast<float>(i % 21 - 10)); };
  for (int64_t i = 0; i < in.floats(); ++i) {
    float& x = c.in().data()[i];
    const int64_t channel =
        in.layout == CONVOY_PLAIN ? i / in.pixels() : i / (in.pixels() * kBlock) * kBlock + i % kBlock;
    x = scales == Scales::offset                                      ? x + 100
        : scales == Scales::channels || scales == Scales::compensated ? x * power(channel)
                                                                      : x;
  }
  for (int64_t i = 0; i < c.weights().size(); ++i) {
    float& weight = c.weights().data()[i];
    weight = scales == Scales::filters       ? weight * power(i / taps)
             : scales == Scales::compensated ? weight / power(i / taps % in.c)
                                             : weight;
  }
}

// What an algorithm says to a shape, in a mode.
inline std::string refusal(const ConvAlgorithm& algorithm, const std::string& shape, convoy_mode mode = CONVOY_FAST) {
  ConvCase c(bench::parse_shape("any " + shape), 1, Fill::integers, false, CONVOY_IDENTITY, 0);
  c.set_mode(mode);
  Convolution problem = c.problem();
  problem.isa = detected_isa();
  return algorithm.refusal(problem);
}

// most: of the largest value of the output.
inline void expect_error(ConvCase& c, const ConvAlgorithm& algorithm, double most, const std::string& what) {
  const Reference reference(c);
  const std::vector<float> out = run(c, detected_isa(), algorithm, 1);
  const double error = largest_error(c, reference, out, [](const auto& e) { return e.sum; });
  EXPECT_LE(error, most * reference.most_value)
      << algorithm.name << " " << what << ": " << error / reference.most_value;
}

}  // namespace convoy::test

#endif

// Every algorithm on every shape of bench/shapes, on every instruction set of this CPU.
#include <gtest/gtest.h>

#include <set>

#include "base/pool.h"
#include "conv_case.h"

namespace convoy::test {
namespace {

struct Named {
  std::string file;
  bench::Shape shape;
  // A network's layer is too much work for all of its elements and for the portable build.
  bool large() const { return shape.flops() > 2e7; }
};

void PrintTo(const Named& named, std::ostream* out) { *out << named.file; }

// A shape that differs from an earlier one only by whole blocks of channels shows nothing new.
std::vector<int> corners(const bench::Shape& s) {
  return {s.ic % kBlock, s.ih, s.iw, s.oc % kBlock, s.kh,    s.kw,        s.sh,    s.sw,          s.dh,         s.dw,
          s.ph,          s.pw, s.pb, s.pr,          s.g > 1, s.g == s.ic, s.plain, s.ic < kBlock, s.oc < kBlock};
}

std::vector<Named> all_shapes() {
  std::vector<Named> all;
  std::set<std::vector<int>> seen;
  for (const char* file : {"odd", "lenet5", "alexnet", "vgg16", "resnet50", "googlenet", "inception_v3", "mobilenet_v1",
                           "mobilenet_v2", "efficientnet_b0", "densenet121", "convnext_tiny"}) {
    for (const bench::Shape& shape : bench::read_shapes(std::string(CONVOY_SHAPES) + "/" + file + ".txt")) {
      if (seen.insert(corners(shape)).second) {
        all.push_back({file, shape});
      }
    }
  }
  return all;
}

// Under a sanitizer a layer of VGG takes seconds: a smaller image has the same channels and the same corners.
bench::Shape affordable(bench::Shape shape) {
#ifdef CONVOY_SANITIZED
  while (shape.flops() > 1e8 && shape.ih > 16 && shape.iw > 16) {
    shape.ih = shape.ih / 2 + 1;
    shape.iw = shape.iw / 2 + 1;
  }
#endif
  return shape;
}

class Conv : public testing::TestWithParam<Named> {
 protected:
  static std::vector<Isa> isas() {
    std::vector<Isa> isas;
    for (int isa = GetParam().large() ? 1 : 0; isa <= static_cast<int>(detected_isa()); ++isa) {
      isas.push_back(static_cast<Isa>(isa));
    }
    return isas;
  }

  // Compares all elements, or many of a large output, and all lanes that must be zero.
  static void check(ConvCase& c, const std::vector<float>& out, Fill fill, const std::string& what) {
    const Value& v = c.problem().out;
    float* data = const_cast<float*>(out.data());
    const int64_t elements = v.c * v.pixels();
    const int64_t step = GetParam().large() ? elements / 97 + 1 : 1;
    int wrong = 0;
    for (int n = 0; n < c.batch(); ++n) {
      for (int64_t i = 0; i < elements && wrong < 5; i += step) {
        const int o = static_cast<int>(i / v.pixels());
        const int64_t y = i % v.pixels() / v.w, x = i % v.w;
        const float got = element(data, v, n, o, y, x);
        const ConvCase::Expected e = c.expected(n, o, y, x);
        const bool right = bits_of(got) == bits_of(e.value);
        const double u = 0.5 * std::numeric_limits<float>::epsilon();
        const bool bounded = c.problem().activation != CONVOY_IDENTITY || fill == Fill::integers ||
                             std::fabs(got - e.sum) <= 1.01 * u * e.terms * e.magnitude;
        if (!right || !bounded) {
          ++wrong;
          ADD_FAILURE() << what << ": image " << n << " channel " << o << " at " << y << "," << x << ": got " << got
                        << ", expected " << e.value << " (" << e.sum << " in double)";
        }
      }
      for (int64_t pixel = 0; pixel < v.pixels(); ++pixel) {
        for (int lane = v.c % kBlock; lane != 0 && lane < kBlock; ++lane) {
          const float padding = data[n * v.image_floats + (v.c / kBlock * v.pixels() + pixel) * kBlock + lane];
          ASSERT_EQ(bits_of(padding), 0u) << what << ": lane " << lane << " of pixel " << pixel;
        }
      }
    }
  }

  static void check_everywhere(ConvCase& c, Fill fill, int threads) {
    std::vector<float> first;
    for (Isa isa : isas()) {
      for (const ConvAlgorithm* algorithm : conv_algorithms()) {
        std::string refusal;
        std::vector<float> out = c.run(isa, *algorithm, threads, &refusal);
        if (!refusal.empty()) {
          continue;
        }
        const std::string what = std::string(algorithm->name) + " " + isa_name(static_cast<int>(isa));
        if (first.empty()) {
          check(c, out, fill, what);
          first = out;
        } else {
          EXPECT_EQ(std::memcmp(first.data(), out.data(), out.size() * sizeof(float)), 0)
              << what << " differs from the first algorithm in some bit";
        }
      }
    }
    EXPECT_FALSE(first.empty());
  }
};

TEST_P(Conv, IntegersAreExact) {
  ConvCase c(affordable(GetParam().shape), 1, Fill::integers, false, CONVOY_IDENTITY, 0);
  check_everywhere(c, Fill::integers, 1);
}

TEST_P(Conv, GaussianKeepsTheDocumentedOrderAndItsBound) {
  ConvCase c(affordable(GetParam().shape), 1, Fill::gaussian, false, CONVOY_IDENTITY, 0);
  check_everywhere(c, Fill::gaussian, 1);
}

TEST_P(Conv, EpilogueAddsTheResidualThenActivates) {
  const std::pair<int, float> activations[] = {
      {CONVOY_RELU, 0.0f}, {CONVOY_RELU6, 0.0f}, {CONVOY_LEAKY_RELU, 0.1f}, {CONVOY_HARD_SIGMOID, 0.0f}};
  for (const auto& [activation, alpha] : activations) {
    if (GetParam().large() && activation != CONVOY_RELU) {
      continue;
    }
    ConvCase c(affordable(GetParam().shape), 1, Fill::gaussian, true, activation, alpha);
    check_everywhere(c, Fill::gaussian, 1);
  }
}

TEST_P(Conv, BatchAndThreadsChangeNothing) {
  pool_start(4);
  const bench::Shape shape = affordable(GetParam().shape);
  if (shape.flops() > 5e8) {
    GTEST_SKIP() << "too much work for what smaller shapes show";
  }
  ConvCase one(shape, 1, Fill::gaussian, true, CONVOY_RELU, 0);
  ConvCase many(shape, 5, Fill::gaussian, true, CONVOY_RELU, 0);
  many.repeat_first_image();
  for (const ConvAlgorithm* algorithm : conv_algorithms()) {
    std::string refusal;
    const int64_t image = many.problem().out.image_floats, floats = many.problem().out.floats();
    for (int threads : {1, 2, 3, 4}) {
      std::vector<float> out = many.run(detected_isa(), *algorithm, threads, &refusal);
      if (!refusal.empty()) {
        break;
      }
      std::vector<float> single = many.batch() == 5 ? std::vector<float>(out.begin(), out.begin() + image) : out;
      for (int n = 0; n < 5; ++n) {
        EXPECT_EQ(std::memcmp(out.data() + n * image, single.data(), floats * sizeof(float)), 0)
            << algorithm->name << ": image " << n << ", " << threads << " threads";
      }
      std::vector<float> alone = one.run(detected_isa(), *algorithm, threads, &refusal);
      std::vector<float> sequential = one.run(detected_isa(), *algorithm, 1, &refusal);
      EXPECT_EQ(std::memcmp(alone.data(), sequential.data(), floats * sizeof(float)), 0)
          << algorithm->name << ": one image, " << threads << " threads";
    }
  }
}

std::string test_name(const testing::TestParamInfo<Named>& info) {
  std::string name = info.param.file + "_" + info.param.shape.name;
  for (char& c : name) {
    c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shapes, Conv, testing::ValuesIn(all_shapes()), test_name);

TEST(ConvList, TellsWhyAnAlgorithmWasRefused) {
  ConvCase c(bench::parse_shape("any ic20 ih6 oc20 kh3 ph1 g2"), 1, Fill::integers, false, CONVOY_IDENTITY, 0);
  std::vector<float> weights(c.problem().weight_count());
  std::unique_ptr<Step> step = make_convolution(c.problem(), weights.data(), nullptr);
  EXPECT_EQ(step->algorithm.rfind("im2col-gemm ", 0), 0u) << step->algorithm;
  EXPECT_NE(step->refusals.find("direct: groups"), std::string::npos) << step->refusals;
  EXPECT_NE(step->refusals.find("depthwise: not one filter per channel"), std::string::npos) << step->refusals;
  EXPECT_THROW(make_convolution(c.problem(), weights.data(), nullptr, "direct"), std::exception);
}

}  // namespace
}  // namespace convoy::test

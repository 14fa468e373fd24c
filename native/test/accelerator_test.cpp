// The algorithms of one accelerator beside ours, with values between guard pages:
//   convoy_accelerator_test NAME LIBRARY:...:PLUGIN
#include <functional>
#include <iostream>

#include "base/status.h"
#include "conv_case.h"
#include "layer_case.h"
#include "ops/accelerators.h"
#include "ops/channelwise.h"
#include "ops/eltwise.h"
#include "ops/linear.h"
#include "ops/pooling.h"

#ifndef CONVOY_SANITIZED  // a sanitizer has a malloc of its own
#include "counting_malloc.h"
#endif

namespace convoy::test {

const Accelerator* accelerator = nullptr;

namespace {

constexpr double kUnit = 0.5 * std::numeric_limits<float>::epsilon();

bool is_onednn() { return accelerator->name == "onednn"; }

Preference preferred() {
  Preference preference;
  preference.families = {accelerator->name};
  return preference;
}

// The values alone: between images there are gaps, which stay as they were filled: NaN, or zero in an input.
std::vector<float> values_of(std::vector<float> floats, const Value& value) {
  for (size_t i = 0; i < floats.size(); ++i) {
    if (static_cast<int64_t>(i) % value.image_floats >= value.floats()) {
      EXPECT_TRUE(floats[i] != floats[i] || same_number(floats[i], 0.0f)) << "float " << i << " lies in a gap";
      floats[i] = 0;
    }
  }
  return floats;
}

// ---- convolutions ----

class AcceleratedConv : public testing::TestWithParam<bench::Shape> {};

TEST_P(AcceleratedConv, StaysWithinTheBoundOfAnyOrder) {
  const auto make = [](const Convolution& problem, const float* weights, const float* bias) {
    return make_convolution(problem, weights, bias, preferred());
  };
  for (bool residual : {false, true}) {
    ConvCase c(GetParam(), 2, Fill::gaussian, residual, CONVOY_RELU, 0);
    c.set_mode(CONVOY_FAST);
    std::vector<float> out;
    try {
      out = values_of(c.run(default_isa(), make, 1), c.problem().out);
    } catch (const Error& refusal) {
      if (refusal.status() != CONVOY_UNSUPPORTED) {
        throw;
      }
      GTEST_SKIP() << refusal.what();
    }
    const Value& v = c.problem().out;
    std::vector<float> expected(out.size(), 0.0f);
    for (int n = 0; n < c.batch(); ++n)
      for (int o = 0; o < v.c; ++o)
        for (int y = 0; y < v.h; ++y)
          for (int x = 0; x < v.w; ++x) {
            const ConvCase::Expected e = c.expected(n, o, y, x);
            const float got = element(out.data(), v, n, o, y, x);
            ASSERT_NEAR(got, std::max(e.sum, 0.0), 1.01 * kUnit * (e.terms + 1) * e.magnitude)
                << "image " << n << " (" << o << ", " << y << ", " << x << ")";
            element(expected.data(), v, n, o, y, x) = got;
          }
    // in all other lanes there are zeros
    ASSERT_EQ(std::memcmp(out.data(), expected.data(), out.size() * sizeof(float)), 0);
    // neither threads nor the batch change a bit
    ASSERT_EQ(values_of(c.run(default_isa(), make, 3), v), out);
    const std::vector<float> alone = c.run(default_isa(), make, 2, 1);
    ASSERT_EQ(std::memcmp(alone.data(), out.data(), v.floats() * sizeof(float)), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Odd, AcceleratedConv,
                         testing::ValuesIn(bench::read_shapes(std::string(CONVOY_SHAPES) + "/odd.txt")),
                         [](const auto& shape) { return shape.param.name; });

// ---- all other layers: what ours gives, within a few roundings ----

struct Layer {
  std::string what;
  int c, h, w;       // of the input
  int out_h, out_w;  // 0: as the input
  bool in_place;     // whether out may be the input
  convoy_layer_kind kind;
  std::function<void(Offer&)> describe;
  std::function<std::unique_ptr<Step>(const Offer&)> ours;
};

std::ostream& operator<<(std::ostream& out, const Layer& layer) { return out << layer.what; }

const std::vector<float>& numbers() {
  static const std::vector<float> some = [] {
    std::vector<float> made(4096);
    Numbers random(7);
    std::generate(made.begin(), made.end(), [&] { return random.gaussian(); });
    return made;
  }();
  return some;
}

void add_pool(std::vector<Layer>& all, int c, int h, int w, convoy_pooling pooling, PoolAxis axis, bool include_pad,
              bool ceil) {
  const int out_h = static_cast<int>(ceil ? axis.ceil_size(h) : axis.floor_size(h));
  const int out_w = static_cast<int>(ceil ? axis.ceil_size(w) : axis.floor_size(w));
  all.push_back(
      {std::string(include_pad ? "pool_padded_" : "pool_") + std::to_string(pooling) + "_" +
           std::to_string(axis.kernel) + "_of_" + std::to_string(c) + (ceil ? "_ceil" : ""),
       c, h, w, out_h, out_w, false, CONVOY_LAYER_POOL,
       [=](Offer& offer) {
         const int k = static_cast<int>(axis.kernel), s = static_cast<int>(axis.stride);
         const int before = static_cast<int>(axis.before), after = static_cast<int>(axis.after);
         const int window[] = {k, k, s, s, 1, 1, before, before, after, after};
         std::copy(std::begin(window), std::end(window), offer.layer.window);
         offer.layer.pooling = pooling;
         offer.layer.include_pad = include_pad;
       },
       [=](const Offer& o) { return make_pool(default_isa(), o.in, o.out, pooling, axis, axis, include_pad); }});
}

std::vector<Layer> layers() {
  std::vector<Layer> all;
  for (int c : {5, 16, 17, 100}) {
    const std::string of = "_of_" + std::to_string(c);
    add_pool(all, c, 9, 12, CONVOY_POOL_MAX, {3, 2, 1, 1, 1}, false, false);
    add_pool(all, c, 9, 12, CONVOY_POOL_MIN, {2, 2, 1, 0, 0}, false, false);
    for (bool include_pad : {false, true}) {
      for (bool ceil : {false, true}) {
        add_pool(all, c, 10, 13, CONVOY_POOL_AVERAGE, {3, 2, 1, 1, 1}, include_pad, ceil);
        add_pool(all, c, 8, 13, CONVOY_POOL_AVERAGE, {2, 3, 1, 0, 0}, include_pad, ceil);
      }
      add_pool(all, c, 7, 7, CONVOY_POOL_AVERAGE, {7, 1, 1, 0, 0}, include_pad, false);
    }
    for (int activation : {CONVOY_IDENTITY, CONVOY_RELU, CONVOY_SIGMOID}) {
      all.push_back({"scale_shift_" + std::to_string(activation) + of, c, 6, 7, 0, 0, true, CONVOY_LAYER_SCALE_SHIFT,
                     [=](Offer& offer) {
                       offer.layer.activation = activation;
                       offer.weights = numbers().data();
                       offer.bias = numbers().data() + 2048;
                     },
                     [=](const Offer& o) {
                       return make_scale_shift(default_isa(), o.in, o.out, o.weights, o.bias, activation, 0);
                     }});
    }
    for (int size : {4, 5}) {
      all.push_back({"lrn_" + std::to_string(size) + of, c, 6, 7, 0, 0, false, CONVOY_LAYER_LRN,
                     [=](Offer& offer) {
                       offer.layer.size = size;
                       offer.layer.alpha = 0.5f;
                       offer.layer.beta = 0.75f;
                       offer.layer.k = 2;
                     },
                     [=](const Offer& o) { return make_lrn(default_isa(), o.in, o.out, size, 0.5f, 0.75f, 2); }});
    }
    for (int log : {0, 1}) {
      for (int side : {1, 4}) {
        all.push_back({(log != 0 ? "log_softmax_" : "softmax_") + std::to_string(side) + of, c, side, side, 0, 0, false,
                       CONVOY_LAYER_SOFTMAX, [=](Offer& offer) { offer.layer.log = log; },
                       [=](const Offer& o) { return make_softmax(default_isa(), o.in, o.out, log != 0); }});
      }
    }
    for (int activation = CONVOY_RELU; activation <= CONVOY_MISH; ++activation) {
      const float alpha = activation == CONVOY_LEAKY_RELU || activation == CONVOY_ELU ? 0.3f : 0.0f;
      auto describe = [=](Offer& offer) {
        offer.layer.activation = activation;
        offer.layer.alpha = alpha;
      };
      all.push_back({"activation_" + std::to_string(activation) + of, c, 5, 7, 0, 0, true, CONVOY_LAYER_ACTIVATE,
                     describe,
                     [=](const Offer& o) { return make_activate(default_isa(), o.in, o.out, activation, alpha); }});
      all.push_back(
          {"sum_" + std::to_string(activation) + of, c, 5, 7, 0, 0, true, CONVOY_LAYER_ADD, describe,
           [=](const Offer& o) { return make_add(default_isa(), o.in, o.residual, o.out, activation, alpha); }});
    }
    all.push_back({"linear" + of, c, 1, 1, 0, 0, false, CONVOY_LAYER_LINEAR,
                   [](Offer& offer) {
                     offer.weights = numbers().data();
                     offer.bias = numbers().data() + 2048;
                   },
                   [=](const Offer& o) {
                     return make_linear(default_isa(), 9, o.in, o.out, CONVOY_IDENTITY, 0, o.weights, o.bias);
                   }});
    all.back().c = std::min(c, 40);
  }
  // so large that it is cut into slices
  all.push_back({"sliced", 70, 60, 60, 0, 0, true, CONVOY_LAYER_ACTIVATE,
                 [](Offer& offer) { offer.layer.activation = CONVOY_RELU; },
                 [](const Offer& o) { return make_activate(default_isa(), o.in, o.out, CONVOY_RELU, 0); }});
  return all;
}

class AcceleratedLayer : public testing::TestWithParam<Layer> {
 protected:
  static std::vector<float> run(const Step& step, const Map& base, Map& out, int threads, int batch) {
    pool_reserve(step.scratch_floats());
    GuardedBuffer scratch(step.scratch_floats());
    step.run({base.data.data(), scratch.data(), threads, batch});
    return out.copy();
  }
};

TEST_P(AcceleratedLayer, GivesWhatOursGives) {
  const Layer& layer = GetParam();
  const int batch = layer.kind == CONVOY_LAYER_LINEAR ? 9 : 2;
  for (bool in_place : {false, true}) {
    if (in_place && !layer.in_place) {
      continue;
    }
    Numbers random(3);
    const auto number = [&] { return random.gaussian(); };
    Map in(layer.c, layer.h, layer.w, batch), residual(layer.c, layer.h, layer.w, batch);
    Map apart(layer.c, layer.out_h == 0 ? layer.h : layer.out_h, layer.out_w == 0 ? layer.w : layer.out_w, batch);
    in.fill(number);
    residual.fill(number);
    place(in, residual);
    place(in, apart);
    Map& out = in_place ? in : apart;
    const Value& gapped = out.value;
    const std::vector<float> before = in.copy();
    Offer offer(layer.kind, default_isa(), CONVOY_FAST, batch, in.value, out.value);
    layer.describe(offer);
    offer.layer.residual = layer.kind == CONVOY_LAYER_ADD;
    offer.residual = residual.value;
    const Candidate candidate = accelerator->candidate(offer);
    const std::string refusal = candidate.refusal();
    if (!refusal.empty()) {
      GTEST_SKIP() << refusal;
    }
    const auto again = [&](const Step& step, int threads, int images) {
      if (in_place) {
        std::copy(before.begin(), before.end(), in.data.begin());
      } else {
        std::fill(out.data.begin(), out.data.end(), std::numeric_limits<float>::quiet_NaN());
      }
      return run(step, in, out, threads, images);
    };
    const std::vector<float> expected = values_of(again(*layer.ours(offer), 1, batch), gapped);
    const std::unique_ptr<Step> step = candidate.make();
    const std::vector<float> theirs = values_of(again(*step, 1, batch), gapped);
    float largest = 0;
    for (float e : expected) {
      largest = std::max(largest, std::fabs(e));
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(theirs[i], expected[i], 1e-5f * largest) << "float " << i;
    }
    std::vector<bool> lane(theirs.size(), false);
    out.each([&](int n, int c, int y, int x) { lane[out.index(n, c, y, x)] = true; });
    for (size_t i = 0; i < theirs.size(); ++i) {
      ASSERT_TRUE(lane[i] || same_number(theirs[i], 0.0f)) << "a lane beyond the channels is " << theirs[i];
    }
    ASSERT_EQ(values_of(again(*step, 3, batch), gapped), theirs);
    const std::vector<float> alone = again(*step, 2, 1);
    ASSERT_EQ(std::memcmp(alone.data(), theirs.data(), out.value.floats() * sizeof(float)), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, AcceleratedLayer, testing::ValuesIn(layers()),
                         [](const auto& layer) { return layer.param.what; });

// With less, oneDNN has few kernels for blocks of sixteen channels.
bool is_onednn_at_its_best() { return is_onednn() && default_isa() == Isa::avx512; }

// ---- what is taken, and what a run allocates ----

std::string refusal_of(const Layer& layer) {
  const Value in = Map(layer.c, layer.h, layer.w, 1).value;
  Value out = in;
  out.h = layer.out_h == 0 ? layer.h : layer.out_h;
  out.w = layer.out_w == 0 ? layer.w : layer.out_w;
  Offer offer(layer.kind, default_isa(), CONVOY_FAST, 1, in, out);
  layer.describe(offer);
  offer.layer.residual = layer.kind == CONVOY_LAYER_ADD;
  return accelerator->candidate(offer).refusal();
}

TEST(Accelerated, TakesWhatItIsFor) {
  for (const Layer& layer : layers()) {
    const std::string refusal = refusal_of(layer);
    if (layer.kind == CONVOY_LAYER_LINEAR || (is_onednn_at_its_best() && layer.what == "scale_shift_0_of_17")) {
      EXPECT_EQ(refusal, "") << layer.what;
    }
    if (is_onednn() && layer.what == "pool_0_3_of_16") {
      EXPECT_EQ(refusal, "oneDNN's maximum passes over NaN");
    }
    if (is_onednn() && layer.what == "pool_padded_2_3_of_16_ceil") {
      EXPECT_EQ(refusal, "the size is rounded up: oneDNN would divide by pixels beyond the padding too");
    }
  }
}

// So that a plug-in that refuses everything does not pass unseen.
TEST(Accelerated, TakesConvolutions) {
  int taken = 0, all = 0;
  for (const bench::Shape& shape : bench::read_shapes(std::string(CONVOY_SHAPES) + "/odd.txt")) {
    ConvCase c(shape, 1, Fill::gaussian, false, CONVOY_RELU, 0);
    c.set_mode(CONVOY_FAST);
    try {
      c.run(
          default_isa(),
          [](const Convolution& problem, const float* weights, const float* bias) {
            return make_convolution(problem, weights, bias, preferred());
          },
          1);
      ++taken;
    } catch (const Error& refusal) {
      ASSERT_EQ(refusal.status(), CONVOY_UNSUPPORTED) << refusal.what();
    }
    ++all;
  }
  std::cout << taken << " of " << all << " convolutions are taken\n";
  EXPECT_GE(taken, is_onednn_at_its_best() || !is_onednn() ? all / 2 : 0);
}

TEST(Accelerated, RefusesBandsAndSaysWhy) {
  const Value in = Map(32, 8, 8, 1).value;
  Convolution problem{};
  problem.isa = default_isa();
  problem.max_batch = problem.slice = 1;
  problem.in = problem.out = in;
  problem.out.segment = kRolling;
  problem.out.held = 2;
  problem.window = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
  problem.groups = 1;
  Preference preference = preferred();
  preference.families.push_back("native");
  const std::vector<float> weights(32 * 32, 1.0f);
  const std::unique_ptr<Step> step = make_convolution(problem, weights.data(), nullptr, preference);
  EXPECT_EQ(step->algorithm.rfind("pointwise ", 0), 0u) << step->algorithm;
  EXPECT_EQ(step->refusals.rfind(accelerator->name + ": computes whole images only, not bands\n", 0), 0u)
      << step->refusals;
  problem.out = in;
  problem.out.offset = in.image_floats;
  const bool theirs =
      make_convolution(problem, weights.data(), nullptr, preference)->algorithm.rfind(accelerator->name, 0) == 0;
  EXPECT_EQ(theirs, !is_ours(problem, preference));
  EXPECT_TRUE(theirs || !is_onednn_at_its_best());
}

#ifndef CONVOY_SANITIZED
// oneDNN makes a list of its arguments in every call, of a few small blocks; we and OpenBLAS make nothing.
TEST(Accelerated, RunsAllocateNothingOfOurs) {
  constexpr int kRuns = 20, kBlocksOfOneDnn = 40, kBytesOfOneDnn = 4096;
  for (const Layer& layer : layers()) {
    if (!refusal_of(layer).empty()) {
      continue;
    }
    Map in(layer.c, layer.h, layer.w, 1), residual(layer.c, layer.h, layer.w, 1);
    Map out(layer.c, layer.out_h == 0 ? layer.h : layer.out_h, layer.out_w == 0 ? layer.w : layer.out_w, 1);
    in.fill([] { return 1.0f; });
    residual.fill([] { return 1.0f; });
    place(in, out);
    place(in, residual);
    Offer offer(layer.kind, default_isa(), CONVOY_FAST, 1, in.value, out.value);
    layer.describe(offer);
    offer.layer.residual = layer.kind == CONVOY_LAYER_ADD;
    offer.residual = residual.value;
    const std::unique_ptr<Step> step = accelerator->candidate(offer).make();
    GuardedBuffer scratch(step->scratch_floats());
    const convoy::Run run{in.data.data(), scratch.data(), 1, 1};
    step->run(run);
    allocations = largest_allocation = frees = 0;
    counting = true;
    for (int i = 0; i < kRuns; ++i) {
      step->run(run);
    }
    counting = false;
    EXPECT_LE(allocations, is_onednn() ? kRuns * kBlocksOfOneDnn : 0) << layer.what;
    EXPECT_LE(largest_allocation, kBytesOfOneDnn) << layer.what;
    EXPECT_EQ(allocations, frees) << layer.what;
  }
}
#endif

}  // namespace
}  // namespace convoy::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) {
    std::cerr << "usage: convoy_accelerator_test NAME LIBRARY:...:PLUGIN\n";
    return 2;
  }
  std::string entries = argv[2];
  std::replace(entries.begin(), entries.end(), ':', '\n');
  convoy::pool_start(3);
  try {
    convoy::test::accelerator = &convoy::load_accelerator(argv[1], entries);
  } catch (const std::exception& error) {
    std::cerr << "convoy_accelerator_test: " << error.what() << "\n";
    return 2;
  }
  return RUN_ALL_TESTS();
}

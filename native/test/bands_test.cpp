// Convolutions in bands: the same bits as one behind the other, whatever the rows, the batch and the threads; and what
// the API refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "convoy/convoy.h"
#include "guarded_buffer.h"
#include "ops/convolution.h"

namespace convoy::test {
namespace {

using ProgramPointer = std::unique_ptr<convoy_program, void (*)(convoy_program*)>;
using ExecutionPointer = std::unique_ptr<convoy_execution, void (*)(convoy_execution*)>;

struct Layer {
  int channels;  // of the output
  int kernel, stride, dilation, padding;
  bool depthwise;
  int activation;

  int reach() const { return (kernel - 1) * dilation + 1; }
  int size(int in) const { return (in + 2 * padding - reach()) / stride + 1; }
};

struct Chain {
  int channels, height, width;
  std::vector<Layer> layers;
  bool residual;  // of the last layer: the input, if that fits
};

int64_t floats(int c, int h, int w) { return ceil_div(c, kBlock) * kBlock * h * w; }

// The chain as a program of one step a layer; rows: of the bands, 0: without.
class Steps {
 public:
  Steps(const Chain& chain, int batch, int threads, int slice, int rows)
      : batch_(batch), chain_(chain), program_(nullptr, convoy_program_destroy) {
    std::vector<int> heights{chain.height}, widths{chain.width};
    for (const Layer& layer : chain.layers) {
      heights.push_back(layer.size(heights.back()));
      widths.push_back(layer.size(widths.back()));
    }
    const int count = static_cast<int>(chain.layers.size());
    std::vector<int> held(count);
    int needed = rows;
    for (int i = count - 1; i > 0; --i) {
      needed = std::min((needed - 1) * chain.layers[i].stride + chain.layers[i].reach(), heights[i]);
      held[i - 1] = std::max(1, needed);
    }
    int64_t offset = 0;
    std::vector<int64_t> offsets{0};
    int channels = chain.channels;
    for (int i = 0; i <= count; ++i) {
      channels = i == 0 ? channels : chain.layers[i - 1].channels;
      offset += batch * floats(channels, heights[i], widths[i]);
      offsets.push_back(offset);
    }
    program_.reset(convoy_program_create(convoy_isa_detected(), CONVOY_EXACT, batch, threads, offset));
    in_ = convoy_program_value(program_.get(), CONVOY_BLOCKED16, chain.channels, chain.height, chain.width, 0);
    out_floats_ = floats(channels, heights[count], widths[count]);
    EXPECT_GE(convoy_program_begin_segment(program_.get(), slice, 0), 0);
    out_ = in_;
    channels = chain.channels;
    for (int i = 0; i < count; ++i) {
      const Layer& layer = chain.layers[i];
      const int value =
          i + 1 < count && rows > 0
              ? convoy_program_rolling_value(program_.get(), layer.channels, heights[i + 1], widths[i + 1], held[i])
              : convoy_program_value(program_.get(), CONVOY_BLOCKED16, layer.channels, heights[i + 1], widths[i + 1],
                                     offsets[i + 1]);
      EXPECT_GE(value, 0) << convoy_last_error();
      const bool same = channels == layer.channels && heights[0] == heights[i + 1] && widths[0] == widths[i + 1];
      conv(layer, channels, out_, value, chain.residual && same && i + 1 == count ? in_ : -1);
      out_ = value;
      channels = layer.channels;
    }
    EXPECT_EQ(convoy_program_seal(program_.get()), CONVOY_OK);
  }

  // Images 0 .. batch - 1 of a fixed sequence, behind a run that leaves NaN wherever it can.
  std::vector<float> run(int batch) const {
    ExecutionPointer execution(convoy_execution_create(program_.get()), convoy_execution_destroy);
    float* in = convoy_execution_value(execution.get(), in_);
    float* out = convoy_execution_value(execution.get(), out_);
    const int64_t image = floats(chain_.channels, chain_.height, chain_.width);
    std::fill_n(in, batch_ * image, NAN);
    EXPECT_EQ(convoy_execution_run(execution.get(), batch_), CONVOY_OK);
    const int pixels = chain_.height * chain_.width;
    for (int64_t i = 0; i < batch_ * image; ++i) {
      const int64_t channel = i % image / (int64_t{pixels} * kBlock) * kBlock + i % kBlock;
      in[i] = channel < chain_.channels ? std::sin(static_cast<float>(i % 100'000)) : 0;
    }
    std::fill_n(out, batch_ * out_floats_, NAN);
    std::vector<double> seconds(chain_.layers.size());
    EXPECT_EQ(convoy_execution_profile(execution.get(), batch, seconds.data(), static_cast<int32_t>(seconds.size())),
              CONVOY_OK);
    for (double s : seconds) {
      EXPECT_GT(s, 0);
    }
    std::vector<float> profiled(out, out + batch * out_floats_);
    EXPECT_EQ(convoy_execution_run(execution.get(), batch), CONVOY_OK);
    EXPECT_EQ(std::memcmp(out, profiled.data(), profiled.size() * sizeof(float)), 0);
    EXPECT_TRUE(batch == batch_ || std::isnan(out[batch * out_floats_]));
    return profiled;
  }

 private:
  void conv(const Layer& layer, int channels, int in, int out, int residual) {
    const int k = layer.kernel, groups = layer.depthwise ? channels : 1;
    std::vector<float> weights(int64_t{layer.channels} * channels / groups * k * k), bias(layer.channels, 0.25f);
    for (size_t i = 0; i < weights.size(); ++i) {
      weights[i] = std::cos(static_cast<float>(i)) / static_cast<float>(k + channels / groups);
    }
    const int p = layer.padding;
    const int window[] = {k, k, layer.stride, layer.stride, layer.dilation, layer.dilation, p, p, p, p};
    EXPECT_GE(
        convoy_program_conv(program_.get(), in, out, residual, window, groups, layer.activation, 0, weights.data(),
                            static_cast<int64_t>(weights.size()), bias.data(), static_cast<int64_t>(bias.size())),
        0)
        << convoy_last_error();
  }

  const int batch_;
  const Chain chain_;
  ProgramPointer program_;
  int in_ = 0, out_ = 0;
  int64_t out_floats_ = 0;
};

void expect_same_bits(const Chain& chain, int batch, const std::vector<int>& bands) {
  const std::vector<float> expected = Steps(chain, batch, 1, batch, 0).run(batch);
  ASSERT_TRUE(std::none_of(expected.begin(), expected.end(), [](float x) { return std::isnan(x); }));
  for (int threads : {1, 2, 3}) {
    for (int slice : {batch, 1}) {
      for (int rows : bands) {
        const Steps steps(chain, batch, threads, slice, rows);
        for (int images : {1, batch}) {
          const std::vector<float> out = steps.run(images);
          ASSERT_EQ(std::memcmp(out.data(), expected.data(), out.size() * sizeof(float)), 0)
              << threads << " threads, slices of " << slice << ", bands of " << rows << ", " << images << " images";
        }
      }
    }
  }
}

Layer pointwise(int channels, int activation) { return {channels, 1, 1, 1, 0, false, activation}; }
Layer depthwise(int channels, int kernel, int stride, int activation) {
  return {channels, kernel, stride, 1, kernel / 2, true, activation};
}

TEST(Bands, InvertedResidualsHaveTheBitsOfTheirStepsAlone) {
  ASSERT_EQ(convoy_pool_start(3), CONVOY_OK);
  for (int stride : {1, 2}) {
    expect_same_bits(
        {20,
         17,
         13,
         {pointwise(72, CONVOY_RELU6), depthwise(72, 3, stride, CONVOY_SILU), pointwise(20, CONVOY_IDENTITY)},
         true},
        3, {1, 2, 5, 17});
  }
  // squeeze-excite takes the whole depthwise output
  expect_same_bits({24, 14, 14, {pointwise(40, CONVOY_HARD_SWISH), depthwise(40, 5, 2, CONVOY_HARD_SWISH)}, false}, 2,
                   {1, 3});
}

// Chains of any length, with windows whose rows overlap, gap or lie on the padding.
TEST(Bands, AnyChainHasTheBitsOfItsStepsAlone) {
  ASSERT_EQ(convoy_pool_start(3), CONVOY_OK);
  std::mt19937 random(7);
  auto pick = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  for (int tries = 0; tries < 40; ++tries) {
    Chain chain{pick(1, 40), pick(6, 20), pick(5, 12), {}, pick(0, 1) == 1};
    int channels = chain.channels, height = chain.height, width = chain.width;
    const int length = pick(2, 5);
    while (static_cast<int>(chain.layers.size()) < length) {
      Layer layer = pointwise(pick(1, 70), pick(0, 1) == 1 ? CONVOY_IDENTITY : CONVOY_HARD_SWISH);
      if (pick(0, 1) == 1) {
        layer = {channels, pick(1, 5), pick(1, 3), pick(1, 2), pick(0, 4), true, layer.activation};
      }
      if (layer.size(height) < 1 || layer.size(width) < 1 ||
          layer.reach() > std::min(height, width) + 2 * layer.padding) {
        continue;
      }
      channels = layer.channels;
      height = layer.size(height);
      width = layer.size(width);
      chain.layers.push_back(layer);
    }
    SCOPED_TRACE("chain " + std::to_string(tries));
    expect_same_bits(chain, 2, {1, pick(2, 6)});
  }
}

// A value whose memory holds some rows, circularly, right before the end of `memory` less `behind` floats.
Value rolling(int c, int h, int w, int held, int64_t offset) {
  return {CONVOY_BLOCKED16, c, h, w, offset, floats(c, held, w), kRolling, held};
}

TEST(Bands, StepsTouchTheRowsInMemoryAndNothingElse) {
  constexpr int kHeight = 11, kWidth = 9, kHeld = 5, kChannels = 24;
  struct Case {
    const ConvAlgorithm* algorithm;
    Window window;
    int groups, out;
  };
  for (const Case& one : {Case{&kPointwise, {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, 1, 40},
                          Case{&kDepthwise, {3, 3, 1, 1, 1, 1, 1, 1, 1, 1}, kChannels, kChannels}}) {
    for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
      Convolution problem{};
      problem.isa = static_cast<Isa>(isa);
      problem.max_batch = problem.slice = 1;
      problem.window = one.window;
      problem.groups = one.groups;
      problem.activation = CONVOY_RELU;
      problem.in = {CONVOY_BLOCKED16, kChannels, kHeight, kWidth, 0, floats(kChannels, kHeight, kWidth)};
      problem.out = {CONVOY_BLOCKED16, one.out, kHeight, kWidth, 0, floats(one.out, kHeight, kWidth)};
      std::vector<float> weights(problem.weight_count());
      GuardedBuffer whole(problem.in.image_floats + problem.out.image_floats);
      problem.out.offset = problem.in.image_floats;
      for (int64_t i = 0; i < problem.in.image_floats; ++i) {
        const bool channel = i / (kHeight * kWidth * kBlock) * kBlock + i % kBlock < kChannels;
        whole.data()[i] = channel ? std::sin(static_cast<float>(i)) : 0.0f;
      }
      for (size_t i = 0; i < weights.size(); ++i) {
        weights[i] = std::cos(static_cast<float>(i));
      }
      one.algorithm->make(problem, weights.data(), nullptr)->run({whole.data(), nullptr, 1, 1});

      Convolution rolled = problem;
      rolled.in = rolling(kChannels, kHeight, kWidth, kHeld, 0);
      rolled.out = rolling(one.out, kHeight, kWidth, kHeld, rolled.in.image_floats);
      const std::unique_ptr<Step> step = one.algorithm->make(rolled, weights.data(), nullptr);
      const auto& bands = dynamic_cast<const BandStep&>(*step);
      GuardedBuffer memory(rolled.in.image_floats + rolled.out.image_floats);
      convoy::Run run{nullptr, nullptr, 1, 1};
      run.rolling = memory.data();
      auto row = [](float* image, const Value& value, int block, int y) {
        return image + value.offset + block * value.plane() + int64_t{y % value.rows()} * value.w * kBlock;
      };
      int there = 0;
      for (int begin = 0; begin < kHeight; begin += 2) {
        const Rows out{begin, std::min(kHeight, begin + 2)};
        for (const Rows in = bands.needs(out); there < in.end; ++there) {
          for (int block = 0; block < problem.in.blocks(); ++block) {
            std::copy_n(row(whole.data(), problem.in, block, there), kWidth * kBlock,
                        row(memory.data(), rolled.in, block, there));
          }
        }
        bands.run_rows(run, 0, out);
        for (int y = out.begin; y < out.end; ++y) {
          for (int block = 0; block < problem.out.blocks(); ++block) {
            ASSERT_EQ(std::memcmp(row(whole.data(), problem.out, block, y), row(memory.data(), rolled.out, block, y),
                                  kWidth * kBlock * sizeof(float)),
                      0)
                << one.algorithm->name << " " << isa_name(isa) << ", row " << y;
          }
        }
      }
    }
  }
}

#define EXPECT_REFUSED(call, part)                                            \
  do {                                                                        \
    EXPECT_LT(call, 0);                                                       \
    EXPECT_NE(std::string(convoy_last_error()).find(part), std::string::npos) \
        << "the message is: " << convoy_last_error();                         \
  } while (false)

TEST(Bands, RefuseWhatBreaksTheirContract) {
  ProgramPointer program(convoy_program_create(0, CONVOY_FAST, 2, 0, 1 << 16), convoy_program_destroy);
  convoy_program* p = program.get();
  const int window1[] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0}, window3[] = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  const std::vector<float> weights(16 * 16 * 9, 0.5f);
  auto conv = [&](int in, int out, int residual = -1) {
    return convoy_program_conv(p, in, out, residual, window1, 1, CONVOY_IDENTITY, 0, weights.data(), 256, nullptr, 0);
  };
  EXPECT_REFUSED(convoy_program_rolling_value(nullptr, 16, 8, 8, 2), "NULL");
  EXPECT_REFUSED(convoy_program_rolling_value(p, 16, 8, 8, 0), "1 to as many");
  EXPECT_REFUSED(convoy_program_rolling_value(p, 16, 8, 8, 9), "1 to as many");
  const int in = convoy_program_value(p, CONVOY_BLOCKED16, 16, 8, 8, 0);
  const int early = convoy_program_rolling_value(p, 16, 8, 8, 2);
  const int rolling = convoy_program_rolling_value(p, 16, 8, 8, 2);
  EXPECT_REFUSED(convoy_program_image_stride(p, rolling, 16 * 64), "value 2 is rolling");
  EXPECT_REFUSED(conv(in, early), "right before its step");
  EXPECT_REFUSED(conv(in, rolling, in), "no residual");
  EXPECT_REFUSED(conv(rolling, in), "rolling");
  EXPECT_REFUSED(convoy_program_activate(p, in, rolling, CONVOY_RELU, 0), "rolling");
  EXPECT_REFUSED(
      convoy_program_conv(p, in, rolling, -1, window3, 1, CONVOY_IDENTITY, 0, weights.data(), 16 * 16 * 9, nullptr, 0),
      "not bands");
  ASSERT_GE(conv(in, rolling), 0) << convoy_last_error();
  const int out = convoy_program_value(p, CONVOY_BLOCKED16, 16, 8, 8, 4096);
  EXPECT_REFUSED(conv(in, out), "which is rolling");
  EXPECT_REFUSED(convoy_program_activate(p, in, out, CONVOY_RELU, 0), "is rolling");
  EXPECT_REFUSED(convoy_program_begin_segment(p, 1, 0), "is rolling");
  EXPECT_REFUSED(convoy_program_seal(p), "is rolling");
  EXPECT_REFUSED(
      convoy_program_conv(p, rolling, out, -1, window3, 16, CONVOY_IDENTITY, 0, weights.data(), 144, nullptr, 0),
      "too few rows");
  EXPECT_REFUSED(conv(rolling, in), "share memory");
  ASSERT_GE(conv(rolling, out), 0) << convoy_last_error();
  EXPECT_REFUSED(conv(rolling, in), "rolling");
  ExecutionPointer execution(nullptr, convoy_execution_destroy);
  ASSERT_EQ(convoy_program_seal(p), CONVOY_OK);
  execution.reset(convoy_execution_create(p));
  EXPECT_NE(convoy_execution_value(execution.get(), out), nullptr);
  EXPECT_EQ(convoy_execution_value(execution.get(), rolling), nullptr);
}

}  // namespace
}  // namespace convoy::test

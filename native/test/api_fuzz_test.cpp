// Programs of random steps with odd numbers among plausible ones, through convoy.h alone: each call is taken or refused
// with a reason, and what was taken runs. What it computes other tests say; that nothing beyond its memory is touched,
// the sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "convoy/convoy.h"

namespace {

constexpr int kPrograms = 1000, kCalls = 24;
constexpr int64_t kArena = 1 << 16, kParameters = 1 << 20;

class Fuzz {
 public:
  explicit Fuzz(unsigned seed) : random_(seed), program_(nullptr, convoy_program_destroy) {
    max_batch_ = among({1, 1, 2, 3, 7});
    program_.reset(convoy_program_create(below(convoy_isa_detected() + 1), below(3), max_batch_, below(5), kArena));
  }

  // Steps taken, by their kind.
  void run(std::map<std::string, int>& taken) {
    ASSERT_NE(program_, nullptr) << convoy_last_error();
    declare(CONVOY_BLOCKED16, {1 + below(40), 1 + below(12), 1 + below(12)});
    for (int call = 0; call < kCalls; ++call) {
      const std::string kind = step();
      taken[kind] += last_ >= 0;
      ASSERT_TRUE(last_ >= 0 || last_ == CONVOY_INVALID || last_ == CONVOY_UNSUPPORTED)
          << kind << ": " << last_ << ", " << convoy_last_error();
      ASSERT_TRUE(last_ >= 0 || *convoy_last_error() != 0) << kind;
    }
    if (convoy_program_seal(program_.get()) != CONVOY_OK) {  // amid a chain of rolling values
      return;
    }
    std::unique_ptr<convoy_execution, void (*)(convoy_execution*)> execution(convoy_execution_create(program_.get()),
                                                                             convoy_execution_destroy);
    ASSERT_NE(execution, nullptr) << convoy_last_error();
    for (int id = -1; id <= static_cast<int>(values_.size()); ++id) {
      convoy_execution_value(execution.get(), id);
    }
    EXPECT_EQ(convoy_execution_run(execution.get(), odd(0)) < 0, true) << "a batch that nobody has";
    EXPECT_EQ(convoy_execution_run(execution.get(), max_batch_), CONVOY_OK) << convoy_last_error();
    EXPECT_EQ(convoy_execution_run(execution.get(), 1), CONVOY_OK) << convoy_last_error();
  }

 private:
  using Shape = std::array<int64_t, 3>;

  int below(int count) { return std::uniform_int_distribution<int>(0, std::max(0, count - 1))(random_); }
  int among(std::vector<int> numbers) { return numbers[below(static_cast<int>(numbers.size()))]; }
  // `usual`, but now and then a number that nobody expects.
  int odd(int usual) { return below(20) != 0 ? usual : among({-1, 0, INT_MIN, INT_MAX, INT_MAX - 1, 1 << 30, -7}); }
  // Of what no arena bounds: not so much that there is no memory for it.
  static int few(int number) { return std::min(number, 64); }
  float odd_number() { return below(20) != 0 ? 0.5f : std::array<float, 4>{NAN, INFINITY, -1e30f, 0}[below(4)]; }
  int activation() { return odd(below(13)); }

  int any() { return odd(below(static_cast<int>(values_.size()))); }
  Shape shape(int id) const { return id >= 0 && id < static_cast<int>(values_.size()) ? values_[id] : Shape{3, 5, 5}; }

  // A value of its own memory, mostly; its number, or one that does not exist.
  int declare(int layout, Shape s) {
    const int64_t floats = (s[0] + 15) / 16 * 16 * s[1] * s[2] * max_batch_;
    const bool anywhere = below(12) == 0;
    const int64_t offset = anywhere ? odd(below(kArena / 16) * 16) : used_;
    const int c = odd(static_cast<int>(s[0])), h = odd(static_cast<int>(s[1])), w = odd(static_cast<int>(s[2]));
    const int id = below(8) != 0   ? convoy_program_value(program_.get(), odd(layout), c, h, w, offset)
                   : below(2) != 0 ? convoy_program_local_value(program_.get(), odd(layout), c, h, w, below(64) * 16)
                                   : convoy_program_rolling_value(program_.get(), few(c), few(h), few(w),
                                                                  odd(1 + below(static_cast<int>(s[1]))));
    if (id < 0) {
      return odd(below(static_cast<int>(values_.size()) + 1));
    }
    used_ += anywhere ? 0 : (floats + 15) / 16 * 16;
    values_.push_back({c, h, w});
    if (below(10) == 0) {
      convoy_program_image_stride(program_.get(), odd(id), odd(static_cast<int>(floats) + 16 * below(3)));
    }
    return id;
  }

  // Ten numbers that suit a map of this size, mostly.
  std::vector<int32_t> window(const Shape& in) {
    const int kh = 1 + below(static_cast<int>(std::clamp<int64_t>(in[1], 1, 7)));
    const int kw = below(3) != 0 ? std::min<int>(kh, static_cast<int>(std::max<int64_t>(1, in[2])))
                                 : 1 + below(static_cast<int>(std::clamp<int64_t>(in[2], 1, 7)));
    const int stride = among({1, 1, 1, 2, 3}), dilation = among({1, 1, 1, 1, 2});
    std::vector<int32_t> numbers = {kh, kw, stride, stride, dilation, dilation, kh / 2, kw / 2, kh / 2, kw / 2};
    for (int32_t& number : numbers) {
      number = below(3) != 0 ? number : odd(number);
    }
    return numbers;
  }

  static Shape through(const std::vector<int32_t>& w, const Shape& in, int64_t channels) {
    const auto size = [&](int axis) {
      const int64_t room = in[1 + axis] + w[6 + axis] + w[8 + axis] - (int64_t{w[axis]} - 1) * w[4 + axis] - 1;
      return w[2 + axis] == 0 ? 1 : std::clamp<int64_t>(room / w[2 + axis] + 1, 1, INT_MAX);
    };
    return {channels, size(0), size(1)};
  }

  int64_t product(std::initializer_list<int64_t> factors) {
    int64_t all = 1;
    for (int64_t factor : factors) {
      if (factor <= 0 || all > kParameters / factor) {
        return 1;
      }
      all *= factor;
    }
    return all;
  }

  // A count that the numbers there bear: the right one, or one that must be refused.
  int64_t count(int64_t right) { return below(25) != 0 ? right : below(3) - 1; }

  std::string conv() {
    const int in = any();
    const Shape s = shape(in);
    const std::vector<int32_t> w = window(s);
    const int groups = below(4) != 0 ? 1 : odd(static_cast<int>(s[0]));
    const int64_t channels = below(4) == 0 ? s[0] : 1 + below(40);
    const int out = declare(CONVOY_BLOCKED16, through(w, s, channels));
    const int residual = below(4) != 0 ? -1 : any();
    const int64_t weights = groups == 0 ? 1 : product({shape(out)[0], std::max<int64_t>(1, s[0] / groups), w[0], w[1]});
    const bool bias = below(2) != 0;
    last_ = convoy_program_conv(program_.get(), in, out, residual, w.data(), groups, activation(), odd_number(),
                                numbers_.data(), count(weights), bias ? numbers_.data() : nullptr,
                                bias ? count(shape(out)[0]) : 0);
    return "conv";
  }

  std::string pool() {
    const int in = any();
    const Shape s = shape(in);
    std::vector<int32_t> w = window(s);
    const int out = declare(CONVOY_BLOCKED16, through(w, s, s[0]));
    last_ = convoy_program_pool(program_.get(), in, out, odd(below(3)), w.data(), odd(below(2)));
    return "pool";
  }

  std::string step() {
    const int kind = below(18), in = any();
    const Shape s = shape(in);
    convoy_program* const p = program_.get();
    const auto same = [&] { return declare(CONVOY_BLOCKED16, s); };
    const auto smaller = [&](int side) { return 1 + below(static_cast<int>(std::clamp<int64_t>(s[side], 1, 20))); };
    const float* const numbers = numbers_.data();
    switch (kind) {
      case 0:
      case 1:
      case 2:
        return conv();
      case 3:
        return pool();
      case 4:
        last_ = convoy_program_adaptive_pool(p, in, declare(CONVOY_BLOCKED16, {s[0], smaller(1), smaller(2)}),
                                             odd(below(3)));
        return "adaptive pool";
      case 5:
        last_ = convoy_program_scale_shift(p, in, same(), activation(), odd_number(), numbers, numbers, count(s[0]));
        return "scale and shift";
      case 6:
        last_ = convoy_program_lrn(p, in, same(), odd(1 + below(7)), odd_number(), odd_number(), odd_number());
        return "lrn";
      case 7:
        last_ = convoy_program_layer_norm(p, in, same(), odd_number(), numbers, numbers, count(s[0]));
        return "layer norm";
      case 8:
        last_ = convoy_program_activate(p, in, below(3) != 0 ? same() : in, activation(), odd_number());
        return "activate";
      case 9:
        last_ = convoy_program_softmax(p, in, same(), odd(below(2)));
        return "softmax";
      case 10:
        last_ = convoy_program_add(p, in, below(2) != 0 ? in : any(), same(), activation(), odd_number());
        return "add";
      case 11: {
        const int factors = declare(CONVOY_BLOCKED16, {s[0], 1, 1});
        last_ = convoy_program_multiply(p, in, factors, same());
        return "multiply";
      }
      case 12: {
        const std::vector<int32_t> inputs(1 + below(20), in);
        const int64_t all = s[0] * static_cast<int64_t>(inputs.size());
        last_ = convoy_program_concat(p, inputs.data(), below(20) != 0 ? static_cast<int>(inputs.size()) : below(2) - 1,
                                      declare(CONVOY_BLOCKED16, {std::min<int64_t>(all, 700), s[1], s[2]}));
        return "concat";
      }
      case 13: {
        std::vector<int32_t> channels(smaller(0));
        std::generate(channels.begin(), channels.end(), [&] { return odd(smaller(0) - 1); });
        const int64_t size = static_cast<int64_t>(channels.size());
        last_ = convoy_program_select_channels(p, in, declare(CONVOY_BLOCKED16, {size, s[1], s[2]}), channels.data(),
                                               count(size));
        return "select channels";
      }
      case 14: {
        const int top = below(3), left = below(3);
        const int out = declare(CONVOY_BLOCKED16, {s[0], s[1] + top + below(3), s[2] + left + below(3)});
        last_ = convoy_program_pad(p, in, out, odd(below(3)), odd_number(), odd(top), odd(left));
        return "pad";
      }
      case 15:
        last_ = convoy_program_resize(p, in, declare(CONVOY_BLOCKED16, {s[0], 1 + below(20), 1 + below(20)}),
                                      odd(below(2)), odd(below(2)));
        return "resize";
      case 16:
        return vectors(in, s);
      default:
        return circumstances();
    }
  }

  std::string vectors(int in, const Shape& s) {
    const int64_t elements = std::clamp<int64_t>(product({s[0], s[1], s[2]}), 1, 2000);
    const int flat = declare(CONVOY_BLOCKED16, {elements, 1, 1});
    last_ = convoy_program_flatten(program_.get(), in, flat);
    if (last_ < 0) {
      return "linear";
    }
    const int out = declare(CONVOY_BLOCKED16, {1 + below(40), 1, 1});
    last_ = convoy_program_linear(program_.get(), flat, out, activation(), odd_number(), numbers_.data(),
                                  count(product({elements, shape(out)[0]})), nullptr, 0);
    return "linear";
  }

  // What steps from here on meet.
  std::string circumstances() {
    convoy_program* const p = program_.get();
    const int in = any();
    switch (below(4)) {
      case 0:
        last_ = convoy_program_begin_segment(p, odd(1 + below(max_batch_)), below(2) * 4096);
        return "segment";
      case 1:
        last_ = convoy_program_prefer(
            p, std::array<const char*, 5>{"native", "auto:native", "", "auto:", "native,nobody"}[below(5)]);
        return "preference";
      case 2:
        last_ = below(4) != 0 ? 0 : convoy_program_require(p, below(2) != 0 ? "im2col-gemm" : "nothing");
        return "requirement";
      default: {
        const int plain = declare(CONVOY_PLAIN, shape(in));
        last_ = convoy_program_reorder(p, in, plain);
        return "reorder";
      }
    }
  }

  std::mt19937 random_;
  std::unique_ptr<convoy_program, void (*)(convoy_program*)> program_;
  std::vector<Shape> values_;
  std::vector<float> numbers_ = std::vector<float>(kParameters, 0.25f);
  int max_batch_ = 1;
  int64_t used_ = 0;
  int32_t last_ = 0;
};

TEST(ApiFuzz, IsTakenAndRunsOrIsRefusedWithAReason) {
  ASSERT_EQ(convoy_pool_start(3), CONVOY_OK);
  std::map<std::string, int> taken;
  for (unsigned seed = 0; seed < kPrograms && !testing::Test::HasFatalFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Fuzz(seed).run(taken);
  }
  for (const auto& [kind, count] : taken) {
    EXPECT_GE(count, kPrograms / 50) << kind << ": hardly any is taken";
  }
  EXPECT_EQ(taken.size(), 19u);
}

}  // namespace

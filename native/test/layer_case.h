// One step with its values between guard pages, run on every instruction set, and what must come out of it.
#ifndef CONVOY_TEST_LAYER_CASE_H
#define CONVOY_TEST_LAYER_CASE_H

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/isa.h"
#include "base/pool.h"
#include "guarded_buffer.h"
#include "program/program.h"

namespace convoy::test {

inline std::vector<Isa> every_isa() {
  std::vector<Isa> all;
  for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
    all.push_back(static_cast<Isa>(isa));
  }
  return all;
}

inline const char* name_of(Isa isa) { return isa_name(static_cast<int32_t>(isa)); }

// Bit for bit, but all NaN are one.
inline bool same_number(float a, float b) { return (a != a && b != b) || std::memcmp(&a, &b, sizeof a) == 0; }

// Images of a BLOCKED16 value; lanes beyond the channels are zero. Between two images lies a gap, as if they were parts
// of larger ones.
class Map {
 public:
  Map(int c, int h, int w, int batch)
      : value{CONVOY_BLOCKED16, c, h, w, 0, ceil_div(c, kBlock) * kBlock * h * w + kGap},
        batch(batch),
        data(value.image_floats * batch - kGap) {}

  int64_t index(int n, int c, int64_t y, int64_t x) const {
    return n * value.image_floats + ((c / kBlock * int64_t{value.h} + y) * value.w + x) * kBlock + c % kBlock;
  }
  float at(int n, int c, int64_t y, int64_t x) const { return data.data()[index(n, c, y, x)]; }

  // number() for every element.
  template <class Number>
  void fill(Number&& number) {
    std::fill(data.begin(), data.end(), 0.0f);
    each([&](int n, int c, int y, int x) { data.data()[index(n, c, y, x)] = number(); });
  }

  template <class Action>
  void each(Action&& action) const {
    for (int n = 0; n < batch; ++n)
      for (int c = 0; c < value.c; ++c)
        for (int y = 0; y < value.h; ++y)
          for (int x = 0; x < value.w; ++x) action(n, c, y, x);
  }

  std::vector<float> copy() const { return std::vector<float>(data.begin(), data.end()); }

  bool in_gap(int64_t at) const { return at % value.image_floats >= value.floats(); }

  static constexpr int64_t kGap = 48;
  Value value;
  int batch;
  GuardedBuffer data;
};

// Numbers of a kind, always the same ones.
class Numbers {
 public:
  explicit Numbers(unsigned seed = 1) : random_(seed) {}
  float integer() { return static_cast<float>(std::uniform_int_distribution<int>(-8, 8)(random_)); }
  float gaussian() { return std::normal_distribution<float>()(random_); }
  // Small integers, both zeros, infinities and NaN: where comparisons show their rules.
  float special() {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float kNumbers[] = {0.0f, -0.0f, -0.0f, 0.0f, 1, -1, 2, inf, -inf, nan};
    return kNumbers[std::uniform_int_distribution<int>(0, 29)(random_) % 16 % 10];
  }

 private:
  std::mt19937 random_;
};

// Runs make(isa) on every instruction set with one thread and with three, for the whole batch and for its first image,
// and requires expected(n, c, y, x), within tolerance(expected) of it (0: the same bits), zero in all other lanes, and
// the same bits every time. base: the map whose offset is 0. out may be one of the inputs: then it is restored.
template <class Make, class Expected, class Tolerance>
void check(const Map& base, Map& out, const std::string& what, Make&& make, Expected&& expected,
           Tolerance&& tolerance) {
  pool_start(3);
  const bool in_place = &base == &out;
  const std::vector<float> before = out.copy();
  std::vector<float> first;
  for (Isa isa : every_isa()) {
    std::unique_ptr<Step> step = make(isa);
    ASSERT_FALSE(step->algorithm.empty());
    for (int threads : {1, 3}) {
      for (int batch : {out.batch, 1}) {
        const std::string which =
            what + " " + name_of(isa) + " threads " + std::to_string(threads) + " batch " + std::to_string(batch);
        if (in_place) {
          std::copy(before.begin(), before.end(), out.data.begin());
        } else {
          std::fill(out.data.begin(), out.data.end(), std::numeric_limits<float>::quiet_NaN());
        }
        pool_reserve(step->scratch_floats());
        GuardedBuffer scratch(step->scratch_floats());
        step->run({base.data.data(), scratch.data(), threads, batch});
        if (first.empty()) {
          first = out.copy();
          std::vector<bool> lane(first.size(), false);
          int wrong = 0;
          out.each([&](int n, int c, int y, int x) {
            const int64_t at = out.index(n, c, y, x);
            lane[at] = true;
            const double want = expected(n, c, y, x);
            const double allowed = tolerance(want);
            const bool right = same_number(first[at], static_cast<float>(want)) ||
                               (allowed > 0 && std::fabs(first[at] - want) <= allowed);
            if (!right && ++wrong <= 3) {
              ADD_FAILURE() << which << ": image " << n << " (" << c << ", " << y << ", " << x << ") is " << first[at]
                            << ", not " << want;
            }
          });
          for (size_t i = 0; i < first.size(); ++i) {
            if (out.in_gap(static_cast<int64_t>(i))) {
              ASSERT_TRUE(in_place || std::isnan(first[i])) << which << ": between two images is " << first[i];
            } else {
              ASSERT_TRUE(lane[i] || same_number(first[i], 0.0f))
                  << which << ": a lane beyond the channels is " << first[i];
            }
          }
          ASSERT_EQ(wrong, 0);
        } else {
          for (int64_t i = 0; i < batch * out.value.image_floats - Map::kGap; ++i) {
            ASSERT_TRUE(same_number(out.data.data()[i], first[i]))
                << which << ": float " << i << " is " << out.data.data()[i] << ", on the first run " << first[i];
          }
        }
      }
    }
  }
  if (in_place) {
    std::copy(before.begin(), before.end(), out.data.begin());
  }
}

template <class Make, class Expected>
void check_exact(const Map& base, Map& out, const std::string& what, Make&& make, Expected&& expected) {
  check(base, out, what, make, expected, [](double) { return 0.0; });
}

// Where `map` lies if the arena begins at `base`.
inline void place(const Map& base, Map& map) { map.value.offset = map.data.data() - base.data.data(); }

inline std::string shape_text(const Value& value, int batch) {
  return std::to_string(batch) + " x " + std::to_string(value.c) + " x " + std::to_string(value.h) + " x " +
         std::to_string(value.w);
}

}  // namespace convoy::test

#endif

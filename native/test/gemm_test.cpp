// Every GEMM kernel of every instruction set alone, against one fma at a time.
#include "kernels/gemm/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "conv_case.h"
#include "guarded_buffer.h"

namespace convoy::test {
namespace {

struct Param {
  Isa isa;
  gemm::Kernel kernel;
};

void PrintTo(const Param& param, std::ostream* out) { *out << param.kernel.name; }

std::vector<Param> all_kernels() {
  std::vector<Param> all;
  for (int isa = 0; isa < kIsaCount; ++isa) {
    const gemm::Table& table = gemm::table(static_cast<Isa>(isa));
    for (int i = 0; i < table.count; ++i) {
      all.push_back({static_cast<Isa>(isa), table.kernels[i]});
    }
  }
  return all;
}

class Gemm : public testing::TestWithParam<Param> {};

struct End {
  bool accumulate, last, residual;
  int activation, keep, missing;  // lanes without a channel
  int addends = 0;
  bool to_c = false;  // the first one is C
};

TEST_P(Gemm, KeepsItsContract) {
  const auto& [isa, kernel] = GetParam();
  if (isa > detected_isa()) {
    GTEST_SKIP() << "this CPU has no " << isa_name(static_cast<int>(isa));
  }
  const int rows = kernel.rows, width = kernel.columns, blocks = (width + kBlock - 1) / kBlock;
  const int counts[] = {16, 1, 5};  // of the taps
  const int k = 22, gap = 3 * kBlock;
  std::mt19937 random(7);
  std::normal_distribution<float> gaussian;
  GuardedBuffer a(2 * (rows * kBlock + gap) + (rows - 1) * kBlock + counts[2]), b(k * width), bias(width);
  std::generate(b.begin(), b.end(), [&] { return gaussian(random); });
  std::generate(bias.begin(), bias.end(), [&] { return gaussian(random); });
  const gemm::Tap taps[] = {{0, counts[0]}, {rows * kBlock + gap, counts[1]}, {2 * (rows * kBlock + gap), counts[2]}};
  for (const gemm::Tap& tap : taps) {  // what no tap names stays NaN
    for (int row = 0; row < rows; ++row) {
      for (int i = 0; i < tap.count; ++i) a.data()[tap.offset + row * kBlock + i] = gaussian(random);
    }
  }
  for (const End& end :
       {End{false, true, false, CONVOY_IDENTITY, 0, 0}, End{false, true, true, CONVOY_RELU, 0, 0},
        End{true, true, true, CONVOY_RELU6, 0, 0}, End{true, false, true, CONVOY_RELU, 0, 0},
        End{false, true, false, CONVOY_HARD_SIGMOID, 0, 3}, End{false, true, true, CONVOY_HARD_SWISH, 0, 2},
        End{false, true, true, CONVOY_RELU, 5, 4}, End{true, false, false, CONVOY_IDENTITY, 7, 1},
        End{false, true, false, CONVOY_RELU, 0, 1}, End{false, false, false, CONVOY_IDENTITY, 0, 0, 1},
        End{true, true, true, CONVOY_HARD_SIGMOID, 0, 1, 1}, End{false, true, true, CONVOY_RELU, 0, 1, 2}}) {
    const int64_t c_floats = rows * kBlock * blocks, addend_block = (end.to_c ? rows : rows + 1) * kBlock;
    const int64_t addend_floats = (blocks - 1) * addend_block + rows * kBlock;
    GuardedBuffer c(c_floats), residual(c_floats), first(addend_floats), second(addend_floats);
    for (GuardedBuffer* buffer : {&residual, &first, &second}) {
      std::generate(buffer->begin(), buffer->end(), [&] { return gaussian(random); });
    }
    if (end.accumulate || end.keep > 0 || end.to_c) {
      std::generate(c.begin(), c.end(), [&] { return gaussian(random); });
    }
    const std::vector<float> before(c.begin(), c.end());
    gemm::Tile tile{};
    tile.a = a.data();
    tile.taps = taps;
    tile.tap_count = 3;
    tile.b = b.data();
    tile.c = c.data();
    tile.c_row = kBlock;
    tile.c_block = rows * kBlock;
    tile.bias = bias.data();
    tile.residual = end.residual ? residual.data() : nullptr;
    tile.addends[0] = end.to_c ? c.data() : end.addends > 0 ? first.data() : nullptr;
    tile.addends[1] = end.addends > 1 ? second.data() : nullptr;
    tile.addend_block = addend_block;
    tile.activation = end.activation;
    tile.keep = end.keep;
    tile.lanes = width - end.missing;
    tile.accumulate = end.accumulate;
    tile.last = end.last;
    // hints reach into unmapped pages and change nothing
    tile.fetch_c = end.last ? 5 : 0;
    tile.fetch_a = end.accumulate ? 0 : 4096;
    tile.ahead = end.residual ? b.data() : nullptr;
    tile.ahead_lines = 100;
    kernel.function(tile);
    for (int row = 0; row < rows; ++row) {
      for (int lane = 0; lane < (end.last ? blocks * kBlock : width); ++lane) {
        const int64_t at = lane / kBlock * tile.c_block + row * kBlock + lane % kBlock;
        if (lane >= width) {
          ASSERT_EQ(bits_of(c.data()[at]), 0u) << "row " << row << " lane " << lane;
          continue;
        }
        float expected = end.accumulate ? before[at] : bias.data()[lane];
        const float* weight = b.data() + lane;
        for (const gemm::Tap& tap : taps) {
          for (int i = 0; i < tap.count; ++i, weight += width) {
            expected = std::fma(a.data()[tap.offset + row * kBlock + i], *weight, expected);
          }
        }
        const int64_t addend = lane / kBlock * addend_block + row * kBlock + lane % kBlock;
        if (end.addends > 0) expected += end.to_c ? before[addend] : first.data()[addend];
        if (end.addends > 1) expected += second.data()[addend];
        if (end.last) {
          expected += end.residual ? residual.data()[at] : 0.0f;
          if (end.activation == CONVOY_RELU) expected = std::fmax(expected, 0.0f);
          if (end.activation == CONVOY_RELU6) expected = std::fmin(std::fmax(expected, 0.0f), 6.0f);
          const float gate = std::fmin(std::fmax(expected + 3, 0.0f), 6.0f) / 6;
          if (end.activation == CONVOY_HARD_SIGMOID) expected = gate;
          if (end.activation == CONVOY_HARD_SWISH) expected *= gate;
          if (lane >= tile.lanes) expected = 0;
        }
        if (lane < end.keep) expected = before[at];
        ASSERT_EQ(bits_of(c.data()[at]), bits_of(expected)) << "row " << row << " lane " << lane;
      }
    }
  }
}

TEST_P(Gemm, TakesAnImageAsItComes) {
  const auto& [isa, kernel] = GetParam();
  if (isa > detected_isa()) {
    GTEST_SKIP() << "this CPU has no " << isa_name(static_cast<int>(isa));
  }
  const int rows = kernel.rows, width = kernel.columns, blocks = (width + kBlock - 1) / kBlock;
  std::mt19937 random(11);
  std::normal_distribution<float> gaussian;
  const std::vector<gemm::Tap> taps = {{3, 1}, {0, 1}, {7, 1}, {1, 1}, {7, 1}};
  GuardedBuffer a(7 + rows), b(static_cast<int64_t>(taps.size()) * width), bias(width), c(rows * kBlock * blocks);
  for (GuardedBuffer* buffer : {&a, &b, &bias}) {
    std::generate(buffer->begin(), buffer->end(), [&] { return gaussian(random); });
  }
  gemm::Tile tile{};
  tile.a = a.data();
  tile.plain = true;
  tile.taps = taps.data();
  tile.tap_count = static_cast<int64_t>(taps.size());
  tile.b = b.data();
  tile.c = c.data();
  tile.c_row = kBlock;
  tile.c_block = rows * kBlock;
  tile.bias = bias.data();
  tile.activation = CONVOY_RELU;
  tile.lanes = width;
  tile.last = true;
  kernel.function(tile);
  for (int row = 0; row < rows; ++row) {
    for (int lane = 0; lane < blocks * kBlock; ++lane) {
      float expected = lane < width ? bias.data()[lane] : 0;
      for (size_t k = 0; k < taps.size() && lane < width; ++k) {
        expected = std::fma(a.data()[taps[k].offset + row], b.data()[static_cast<int64_t>(k) * width + lane], expected);
      }
      const int64_t at = lane / kBlock * tile.c_block + row * kBlock + lane % kBlock;
      ASSERT_EQ(bits_of(c.data()[at]), bits_of(std::fmax(expected, 0.0f))) << "row " << row << " lane " << lane;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Gemm, testing::ValuesIn(all_kernels()), [](const auto& info) {
  return std::string(isa_name(static_cast<int>(info.param.isa))) + "_" + info.param.kernel.name;
});

TEST(GemmTable, HasEveryNumberOfRowsUpToTheMost) {
  for (int isa = 0; isa < kIsaCount; ++isa) {
    const gemm::Table& table = gemm::table(static_cast<Isa>(isa));
    ASSERT_GE(table.most_rows(kBlock), 1);
    for (int columns = 8; columns <= 64; columns += 8) {
      for (int rows = 1; rows <= table.most_rows(columns); ++rows) {
        EXPECT_NE(table.find(rows, columns), nullptr) << isa_name(isa) << " " << rows << "x" << columns;
      }
    }
  }
}

}  // namespace
}  // namespace convoy::test

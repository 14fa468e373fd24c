#include "ops/linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/pool.h"
#include "conv_case.h"

namespace convoy::test {
namespace {

TEST(Linear, AddsInOrderForEveryBatchThreadAndInstructionSet) {
  pool_start(3);
  std::mt19937 random(3);
  std::normal_distribution<float> gaussian;
  for (const auto& [inputs, outputs] : {std::pair{1, 1}, {16, 10}, {37, 70}, {520, 33}, {1100, 64}}) {
    for (int batch : {1, 2, 7, 260}) {
      if (batch == 260 && inputs > 100) {
        continue;
      }
      Value in = make_value(CONVOY_BLOCKED16, inputs, 1, 1, 0), out = make_value(CONVOY_BLOCKED16, outputs, 1, 1, 0);
      GuardedBuffer x(in.image_floats * batch), weights(int64_t{inputs} * outputs), bias(outputs);
      std::fill(x.begin(), x.end(), 0.0f);
      for (int n = 0; n < batch; ++n) {
        std::generate_n(x.data() + n * in.image_floats, inputs, [&] { return gaussian(random); });
      }
      std::generate(weights.begin(), weights.end(), [&] { return gaussian(random); });
      std::generate(bias.begin(), bias.end(), [&] { return gaussian(random); });
      for (int isa = 0; isa <= static_cast<int>(detected_isa()); ++isa) {
        for (int threads : {1, 3}) {
          GuardedBuffer y(out.image_floats * batch);
          out.offset = y.data() - x.data();
          auto step = make_linear(static_cast<Isa>(isa), batch, in, out, CONVOY_RELU, 0, weights.data(), bias.data());
          pool_reserve(step->scratch_floats());
          GuardedBuffer scratch(step->scratch_floats());
          step->run({x.data(), scratch.data(), threads, batch});
          for (int n = 0; n < batch; ++n) {
            for (int64_t o = 0; o < out.image_floats; ++o) {
              float expected = 0;
              if (o < outputs) {
                expected = bias.data()[o];
                for (int i = 0; i < inputs; ++i) {
                  expected = std::fma(weights.data()[o * inputs + i], x.data()[n * in.image_floats + i], expected);
                }
                expected = std::fmax(expected, 0.0f);
              }
              ASSERT_EQ(bits_of(y.data()[n * out.image_floats + o]), bits_of(expected))
                  << inputs << "x" << outputs << " batch " << batch << " image " << n << " output " << o << " "
                  << isa_name(isa) << " " << threads << " threads";
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace convoy::test

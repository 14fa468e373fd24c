#include "ops/reorder.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/pool.h"
#include "conv_case.h"

namespace convoy::test {
namespace {

TEST(Reorder, MovesEveryElementAndZeroesTheLanesBeyond) {
  pool_start(2);
  for (const auto& [c, h, w] : {std::tuple{1, 1, 1}, {16, 3, 5}, {19, 20, 30}, {40, 1, 1}, {33, 7, 1}}) {
    for (int from : {CONVOY_PLAIN, CONVOY_BLOCKED16}) {
      for (int to : {CONVOY_PLAIN, CONVOY_BLOCKED16}) {
        Value in = make_value(from, c, h, w, 0), out = make_value(to, c, h, w, 0);
        GuardedBuffer x(in.image_floats * 3), y(out.image_floats * 3);
        std::fill(x.begin(), x.end(), 0.0f);
        float next = 1;
        for (int n = 0; n < 3; ++n)
          for (int i = 0; i < c; ++i)
            for (int j = 0; j < h * w; ++j) element(x.data(), in, n, i, j / w, j % w) = next++;
        out.offset = y.data() - x.data();
        make_reorder(in, out)->run({x.data(), nullptr, 2, 3});
        next = 1;
        double sum = 0;
        for (int n = 0; n < 3; ++n)
          for (int i = 0; i < c; ++i)
            for (int j = 0; j < h * w; ++j, ++next) {
              ASSERT_EQ(element(y.data(), out, n, i, j / w, j % w), next);
              sum += next;
            }
        EXPECT_EQ(std::accumulate(y.begin(), y.end(), 0.0), sum) << "a lane beyond the channels is not zero";
      }
    }
  }
}

}  // namespace
}  // namespace convoy::test

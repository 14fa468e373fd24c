// Choosing among candidates.
#include "program/preference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "base/status.h"
#include "ops/estimate.h"
#include "program/program.h"

namespace convoy {
namespace {

class Nothing final : public Step {
 public:
  void run(const Run&) const override {}
};

Candidate candidate(const char* name, double cost, bool ours, const char* refusal = "") {
  return {name, [refusal] { return std::string(refusal); }, [cost] { return cost; },
          [name] {
            auto step = std::make_unique<Nothing>();
            step->algorithm = name;
            return std::unique_ptr<Step>(std::move(step));
          },
          ours};
}

TEST(Preference, TheFirstThatAcceptsTakesTheStep) {
  const auto step = Preference{}.choose({candidate("a", 1, true, "no"), candidate("b", 9, true)}, "layer");
  EXPECT_EQ("b", step->algorithm);
  EXPECT_EQ("a: no", step->refusals);
  EXPECT_EQ("b", step->candidates);
}

TEST(Preference, ByEstimateTheQuickestDoesButOursKeepTheirOrder) {
  Preference preference;
  preference.by_estimate = true;
  const std::vector<Candidate> list = {candidate("first", 3, true), candidate("second", 1, true),
                                       candidate("theirs", 2, false), candidate("hopeless", 90, false)};
  const auto step = preference.choose(list, "layer");
  EXPECT_EQ("theirs", step->algorithm);
  EXPECT_EQ("theirs\nfirst\nsecond", step->candidates);
}

// Candidates that a cheaper one beats need not be asked, which takes an accelerator a while.
TEST(Preference, WhetherOursAreChosenIsKnownBefore) {
  int asked = 0;
  Candidate theirs = candidate("theirs", 2, false);
  theirs.refusal = [&asked] {
    ++asked;
    return std::string();
  };
  const Candidate cheap = candidate("cheap", 1, true), dear = candidate("dear", 3, true),
                  refused = candidate("refused", 0, true, "no"), none = candidate("none", 0, false, "no");
  Preference by_order, by_estimate;
  by_estimate.by_estimate = true;
  for (const std::vector<Candidate>& list : std::vector<std::vector<Candidate>>{{cheap},
                                                                                {cheap, theirs},
                                                                                {theirs, cheap},
                                                                                {dear, theirs},
                                                                                {dear, cheap, theirs},
                                                                                {none, refused, dear},
                                                                                {refused, cheap, none},
                                                                                {none, theirs, dear}}) {
    for (const Preference& preference : {by_order, by_estimate}) {
      const bool ours = preference.choose(list, "layer")->algorithm != "theirs";
      EXPECT_EQ(ours, preference.chooses_ours(list)) << list[0].name << ", " << list.back().name;
    }
  }
  asked = 0;
  EXPECT_TRUE(by_estimate.chooses_ours({cheap, theirs}));
  EXPECT_TRUE(by_order.chooses_ours({dear, theirs}));
  EXPECT_EQ(0, asked);
  EXPECT_FALSE(by_order.chooses_ours({none}));
}

TEST(Preference, WhatIsRequiredTakesItOrFails) {
  Preference preference;
  preference.required = "b";
  EXPECT_EQ("b", preference.choose({candidate("a", 1, true), candidate("b", 2, true)}, "layer")->algorithm);
  try {
    preference.choose({candidate("a", 1, true), candidate("b", 2, true, "not here")}, "layer");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(CONVOY_UNSUPPORTED, error.status());
    EXPECT_STREQ("no algorithm takes this layer, b was asked for\nb: not here", error.what());
  }
}

// EfficientNet's first layer is quicker on ours, which the same with ReLU need not be.
TEST(Preference, EstimatesKnowThatExponentialsTakeAcceleratorsLonger) {
  convoy_layer stem{};
  stem.kind = CONVOY_LAYER_CONV;
  stem.isa = CONVOY_ISA_AVX512;
  stem.max_batch = stem.pool_threads = stem.groups = 1;
  stem.in_c = 3;
  stem.out_c = 32;
  stem.in_h = stem.in_w = 224;
  stem.out_h = stem.out_w = 112;
  const int32_t window[] = {3, 3, 2, 2, 1, 1, 1, 1, 1, 1};
  std::copy(std::begin(window), std::end(window), stem.window);
  auto added = [&](const char* algorithm, int32_t activation) {
    stem.activation = CONVOY_RELU;
    const double before = estimated_cost(algorithm, stem);
    stem.activation = activation;
    return estimated_cost(algorithm, stem) - before;
  };
  for (const char* accelerator : {"onednn", "openblas"}) {
    EXPECT_EQ(added(accelerator, CONVOY_HARD_SWISH), 0);
    EXPECT_GT(added(accelerator, CONVOY_SILU), 2 * added("direct-plain", CONVOY_SILU));
  }
  EXPECT_GT(added("direct-plain", CONVOY_SILU), 0);
  stem.activation = CONVOY_SILU;
  EXPECT_LT(estimated_cost("direct-plain", stem), estimated_cost("onednn", stem));
}

}  // namespace
}  // namespace convoy

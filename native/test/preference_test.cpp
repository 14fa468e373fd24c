// Choosing among candidates.
#include "program/preference.h"

#include <gtest/gtest.h>

#include "base/status.h"
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

}  // namespace
}  // namespace convoy

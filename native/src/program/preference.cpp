#include "program/preference.h"

#include <algorithm>

#include "base/status.h"
#include "program/program.h"

namespace convoy {
namespace {

// Times the best estimate: what is not worth measuring.
constexpr double kHopeless = 4;

void add_line(std::string& text, const std::string& line) { text += (text.empty() ? "" : "\n") + line; }

}  // namespace

std::unique_ptr<Step> Preference::choose(const std::vector<Candidate>& candidates, const char* what) const {
  std::string refusals, names;
  std::vector<std::pair<double, const Candidate*>> accepting;
  double least_of_ours = 0;
  for (const Candidate& candidate : candidates) {
    if (!required.empty() && required != candidate.name) {
      continue;
    }
    const std::string refusal = candidate.refusal();
    if (!refusal.empty()) {
      add_line(refusals, candidate.name + ": " + refusal);
      continue;
    }
    if (!by_estimate) {
      accepting.emplace_back(0, &candidate);
      break;
    }
    double cost = candidate.cost();
    if (candidate.ours) {
      cost = least_of_ours = std::max(cost, least_of_ours);
    }
    accepting.emplace_back(cost, &candidate);
  }
  if (accepting.empty()) {
    throw Error(CONVOY_UNSUPPORTED, std::string("no algorithm takes this ") + what +
                                        (required.empty() ? "" : ", " + required + " was asked for") +
                                        (refusals.empty() ? "" : "\n" + refusals));
  }
  std::stable_sort(accepting.begin(), accepting.end(), [](auto& a, auto& b) { return a.first < b.first; });
  for (const auto& [cost, candidate] : accepting) {  // the first one is taken
    if (cost <= kHopeless * accepting.front().first) {
      add_line(names, candidate->name);
    }
  }
  std::unique_ptr<Step> step = accepting.front().second->make();
  step->refusals = refusals;
  step->candidates = names;
  return step;
}

bool Preference::chooses_ours(const std::vector<Candidate>& candidates) const {
  const Candidate* chosen = nullptr;
  double least = 0;
  for (const Candidate& candidate : candidates) {
    const double cost = by_estimate ? candidate.cost() : 0;
    const bool beaten = chosen != nullptr && (cost >= least || (chosen->ours && candidate.ours));
    if (!beaten && candidate.refusal().empty()) {
      chosen = &candidate;
      least = cost;
    }
  }
  return chosen != nullptr && chosen->ours;
}

}  // namespace convoy

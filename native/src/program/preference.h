// Which of several algorithms a step takes.
#ifndef CONVOY_PROGRAM_PREFERENCE_H
#define CONVOY_PROGRAM_PREFERENCE_H

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace convoy {

class Step;

struct Candidate {
  std::string name;
  std::function<std::string()> refusal;  // empty: it can; otherwise a sentence that says why not
  std::function<double()> cost;          // estimated; only compares between candidates of one step
  std::function<std::unique_ptr<Step>()> make;
  bool ours = false;  // then the order of the list is the policy, whatever the estimates
};

struct Preference {
  std::vector<std::string> families = {"native"};  // "native" and accelerators, in the order to ask
  bool by_estimate = false;                        // all of them, and the quickest by estimate
  std::string required;                            // the next step's algorithm, or empty

  // Throws CONVOY_UNSUPPORTED with every refusal if none accepts; what: such as "convolution".
  std::unique_ptr<Step> choose(const std::vector<Candidate>& candidates, const char* what) const;
  // Whether that is one of ours, whatever is required. Asks no more candidates than it takes to know.
  bool chooses_ours(const std::vector<Candidate>& candidates) const;
};

}  // namespace convoy

#endif

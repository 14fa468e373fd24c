// Accelerators: shared libraries that offer more algorithms for layers (plugin.h).
#ifndef CONVOY_OPS_ACCELERATORS_H
#define CONVOY_OPS_ACCELERATORS_H

#include <memory>
#include <string>
#include <vector>

#include "convoy/plugin.h"
#include "program/program.h"

namespace convoy {

// A layer that accelerators may take. Its parameters must outlive it.
struct Offer {
  // What all kinds have; the caller adds what else the kind uses.
  Offer(convoy_layer_kind kind, Isa isa, convoy_mode mode, int max_batch, const Value& in, const Value& out);

  convoy_layer layer;
  convoy_mode mode;
  Value in, out;
  Value residual{};  // if the layer has one
  const float* weights = nullptr;
  const float* bias = nullptr;
};

// One that is loaded. Never unloaded: packed layers live in it.
struct Accelerator {
  std::string name;  // as users call it; the name of its algorithm too
  convoy_accelerator table;

  // Its algorithm for a layer, which is described once, whether it is asked for a refusal or made.
  Candidate candidate(const Offer& offer) const;
};

// Of every preferred family in turn: the accelerator's for a layer, or ours. They read the offer when they are asked.
std::vector<Candidate> candidates(const Preference& preference, const Offer& offer, const std::vector<Candidate>& ours);

// Ours, or the accelerator's step that is preferred to it. The first word of ours->algorithm is its name.
std::unique_ptr<Step> choose(const Preference& preference, const Offer& offer, std::unique_ptr<Step> ours);

// As convoy_accelerator_load.
const Accelerator& load_accelerator(const std::string& name, const std::string& entries);

// The one of this name, null for "native"; throws if there is none.
const Accelerator* find_family(const std::string& name);

// From the words of convoy_program_prefer; throws for an unknown one.
Preference preferred(const std::string& families);

}  // namespace convoy

#endif

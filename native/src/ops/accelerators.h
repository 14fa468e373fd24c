// Accelerators: shared libraries that offer more algorithms for convolutions and fully connected layers (plugin.h).
#ifndef CONVOY_OPS_ACCELERATORS_H
#define CONVOY_OPS_ACCELERATORS_H

#include <memory>
#include <string>
#include <vector>

#include "convoy/plugin.h"
#include "program/program.h"

namespace convoy {

// One that is loaded. Never unloaded: packed layers live in it.
struct Accelerator {
  std::string name;  // as users call it; the name of its algorithm too
  convoy_accelerator table;

  // Its algorithm for a layer. All arguments must outlive the candidate; residual: null if the layer has none.
  Candidate candidate(const convoy_layer& layer, convoy_mode mode, const Value& in, const Value& out,
                      const Value* residual, const float* weights, const float* bias) const;
};

// Loads what `entries` names, one a line: NAME=VALUE is put into the environment, anything else is the path of a
// shared library; the last one is the plug-in, the one before it the accelerator's own. Once per name: later calls do
// nothing. Throws CONVOY_UNSUPPORTED with the reason.
const Accelerator& load_accelerator(const std::string& name, const std::string& entries);

// The one of this name, null for "native"; throws if there is none.
const Accelerator* find_family(const std::string& name);

// From the words of convoy_program_prefer; throws for an unknown one.
Preference preferred(const std::string& families);

}  // namespace convoy

#endif

// What an algorithm will cost for a layer, from its arithmetic and what is known of its speed: good enough to choose
// between candidates that were not measured.
#ifndef CONVOY_OPS_ESTIMATE_H
#define CONVOY_OPS_ESTIMATE_H

#include <string>
#include <vector>

#include "convoy/plugin.h"
#include "ops/machine.h"

namespace convoy {

// Of one image, in multiply-adds from registers that would take as long. The same whatever the threads of a program.
double estimated_cost(const std::string& algorithm, const convoy_layer& layer);

// The same on a machine of this kind.
double estimated_cost(const std::string& algorithm, const convoy_layer& layer, const Machine& machine);

// Those whose speed is known, by the names of their candidates; some several times.
std::vector<std::string> rated_algorithms();

}  // namespace convoy

#endif

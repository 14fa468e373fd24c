// Channels of several values one behind the other.
#ifndef CONVOY_OPS_CONCAT_H
#define CONVOY_OPS_CONCAT_H

#include <memory>
#include <vector>

#include "program/program.h"

namespace convoy {

std::unique_ptr<Step> make_concat(Isa isa, const std::vector<Value>& in, const Value& out);

}  // namespace convoy

#endif

// Between PLAIN and BLOCKED16.
#ifndef CONVOY_OPS_REORDER_H
#define CONVOY_OPS_REORDER_H

#include <memory>

#include "program/program.h"

namespace convoy {

// in and out have the same shape, share no memory and have different layouts, or the same one: then it copies.
std::unique_ptr<Step> make_reorder(const Value& in, const Value& out);

}  // namespace convoy

#endif

// Channels put together anew: of several values one behind the other, or chosen from one.
#ifndef CONVOY_OPS_CHANNELS_H
#define CONVOY_OPS_CHANNELS_H

#include <memory>
#include <vector>

#include "program/program.h"

namespace convoy {

std::unique_ptr<Step> make_concat(Isa isa, const std::vector<Value>& in, const Value& out);
// channels: for each channel of out one of in.
std::unique_ptr<Step> make_select_channels(Isa isa, const Value& in, const Value& out, const int32_t* channels);

}  // namespace convoy

#endif

// Steps that mix the channels of a pixel: local response norm, layer norm and softmax.
#ifndef CONVOY_OPS_CHANNELWISE_H
#define CONVOY_OPS_CHANNELWISE_H

#include <memory>

#include "program/program.h"

namespace convoy {

std::unique_ptr<Step> make_lrn(Isa isa, const Value& in, const Value& out, int32_t size, float alpha, float beta,
                               float k);
// weight, bias: a number a channel.
std::unique_ptr<Step> make_layer_norm(Isa isa, const Value& in, const Value& out, const float* weight,
                                      const float* bias, float eps);
std::unique_ptr<Step> make_softmax(Isa isa, const Value& in, const Value& out, bool log);

}  // namespace convoy

#endif

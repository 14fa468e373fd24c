// Fully connected layers.
#ifndef CONVOY_OPS_LINEAR_H
#define CONVOY_OPS_LINEAR_H

#include <memory>

#include "program/program.h"

namespace convoy {

// out[o] = activation(bias[o] + sum over i of weights[o][i] * in[i]): one chain of fma from the bias on, i ascending.
// in and out are vectors in BLOCKED16; bias may be null.
std::unique_ptr<Step> make_linear(Isa isa, int max_batch, const Value& in, const Value& out, int32_t activation,
                                  float alpha, const float* weights, const float* bias);

// The algorithm that is preferred: "linear", which is the one above, or an accelerator's. slice: the most images of one
// run of the step.
std::unique_ptr<Step> make_linear(Isa isa, convoy_mode mode, int max_batch, int slice, const Value& in,
                                  const Value& out, int32_t activation, float alpha, const float* weights,
                                  const float* bias, const Preference& preference);

}  // namespace convoy

#endif

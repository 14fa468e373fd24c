// The layers that OpenBLAS computes: convolution.cpp, linear.cpp.
#ifndef CONVOY_ACCEL_OPENBLAS_LAYERS_H
#define CONVOY_ACCEL_OPENBLAS_LAYERS_H

#include <memory>

#include "plugin_layer.h"

namespace convoy::openblas {

using accel::kBlock;
using accel::Layer;
using accel::padded;

std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer);
std::unique_ptr<Layer> describe_linear(const convoy_layer& layer);

// In place: activation(sums + bias [+ residual]) of `count` numbers; bias and residual may be null.
void finish(float* sums, int count, const float* bias, const float* residual, int activation, float alpha);

}  // namespace convoy::openblas

#endif

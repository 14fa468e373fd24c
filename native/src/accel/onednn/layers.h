// The layers that oneDNN computes: convolution.cpp, linear.cpp, blockwise.cpp.
#ifndef CONVOY_ACCEL_ONEDNN_LAYERS_H
#define CONVOY_ACCEL_ONEDNN_LAYERS_H

#include <memory>

#include "plugin_layer.h"

namespace convoy::onednn {

using accel::kBlock;
using accel::Layer;
using accel::padded;

// Describing a layer makes its primitives, so that a refusal is known before there are weights. All throw
// Refusal.
std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer);
std::unique_ptr<Layer> describe_linear(const convoy_layer& layer);
std::unique_ptr<Layer> describe_blockwise(const convoy_layer& layer);  // all other kinds

}  // namespace convoy::onednn

#endif

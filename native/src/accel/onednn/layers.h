// The layers that oneDNN computes: convolution.cpp, linear.cpp, blockwise.cpp.
#ifndef CONVOY_ACCEL_ONEDNN_LAYERS_H
#define CONVOY_ACCEL_ONEDNN_LAYERS_H

#include <memory>
#include <string>

#include "convoy/convoy.h"
#include "convoy/plugin.h"

namespace convoy::onednn {

constexpr int kBlock = 16;  // channels of a block of CONVOY_BLOCKED16
constexpr int64_t padded(int64_t channels) { return (channels + kBlock - 1) / kBlock * kBlock; }

// Describing a layer makes its primitives, so that a refusal is known before there are weights.
class Layer {
 public:
  virtual ~Layer() = default;
  // To be called once, before any run.
  virtual void pack(const float* weights, const float* bias) = 0;
  virtual void run(int slice, int images, const float* in, const float* residual, float* out, float* scratch) const = 0;
  virtual std::string implementation() const = 0;
  virtual int64_t scratch_floats() const = 0;
  virtual int64_t parameter_bytes() const = 0;
  virtual int images() const = 0;
  virtual int slices() const = 0;
};

// All throw Refusal.
std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer);
std::unique_ptr<Layer> describe_linear(const convoy_layer& layer);
std::unique_ptr<Layer> describe_blockwise(const convoy_layer& layer);  // all other kinds

}  // namespace convoy::onednn

#endif

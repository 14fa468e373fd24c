// What the plug-ins of all accelerators make of a layer.
#ifndef CONVOY_ACCEL_PLUGIN_LAYER_H
#define CONVOY_ACCEL_PLUGIN_LAYER_H

#include <cstdint>
#include <cstdio>
#include <string>

#include "convoy/convoy.h"
#include "convoy/plugin.h"

namespace convoy::accel {

constexpr int kBlock = CONVOY_BLOCK;  // channels of a block of CONVOY_BLOCKED16
constexpr int64_t padded(int64_t channels) { return (channels + kBlock - 1) / kBlock * kBlock; }

class Layer {
 public:
  virtual ~Layer() = default;
  // To be called once, before any run; bias may be null.
  virtual void pack(const float* weights, const float* bias) = 0;
  virtual void run(int slice, int images, const float* in, const float* residual, float* out, float* scratch) const = 0;
  virtual std::string algorithm() const = 0;
  virtual int64_t scratch_floats() const = 0;
  virtual int64_t parameter_bytes() const = 0;
  virtual int images() const = 0;
  virtual int slices() const = 0;
};

// Packs it, and says what the host must know of it then.
inline void pack(Layer& layer, const float* weights, const float* bias, convoy_layer_kernel& kernel) {
  layer.pack(weights, bias);
  std::snprintf(kernel.algorithm, sizeof kernel.algorithm, "%s", layer.algorithm().c_str());
  kernel.scratch_floats = layer.scratch_floats();
  kernel.parameter_bytes = layer.parameter_bytes();
  kernel.images = layer.images();
  kernel.slices = layer.slices();
}

}  // namespace convoy::accel

#endif

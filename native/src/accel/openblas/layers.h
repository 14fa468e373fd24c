// The layers that OpenBLAS computes: convolution.cpp, linear.cpp.
#ifndef CONVOY_ACCEL_OPENBLAS_LAYERS_H
#define CONVOY_ACCEL_OPENBLAS_LAYERS_H

#include <cstdint>
#include <memory>
#include <vector>

#include "convoy/convoy.h"
#include "convoy/plugin.h"

namespace convoy::openblas {

constexpr int kBlock = 16;  // channels of a block of CONVOY_BLOCKED16
constexpr int64_t padded(int64_t channels) { return (channels + kBlock - 1) / kBlock * kBlock; }

class Layer {
 public:
  virtual ~Layer() = default;
  // To be called once, before any run; bias may be null.
  virtual void pack(const float* weights, const float* bias) = 0;
  virtual void run(int slice, int images, const float* in, const float* residual, float* out, float* scratch) const = 0;
  virtual const char* algorithm() const = 0;
  virtual int64_t scratch_floats() const = 0;
  virtual int64_t parameter_bytes() const = 0;
  virtual int images() const = 0;
  virtual int slices() const = 0;
};

std::unique_ptr<Layer> describe_convolution(const convoy_layer& layer);
std::unique_ptr<Layer> describe_linear(const convoy_layer& layer);

// In place: activation(sums + bias [+ residual]) of `count` numbers; bias and residual may be null.
void finish(float* sums, int count, const float* bias, const float* residual, int activation, float alpha);

}  // namespace convoy::openblas

#endif

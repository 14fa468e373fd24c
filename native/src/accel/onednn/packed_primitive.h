// A layer's primitive with its parameters.
#ifndef CONVOY_ACCEL_ONEDNN_PACKED_PRIMITIVE_H
#define CONVOY_ACCEL_ONEDNN_PACKED_PRIMITIVE_H

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "handles.h"

namespace convoy::onednn {

// Immutable once it is made, run by any number of threads at once.
class PackedPrimitive {
 public:
  // second: what a run's second operand is to the primitive, such as DNNL_ARG_SRC_1; 0: there is none. Throws Refusal
  // if only oneDNN's reference implementation, which is slow, takes the description.
  explicit PackedPrimitive(PrimitiveDesc desc, int second = 0);

  // Parameters, before make(). Weights: as described by `given`; others: `count` numbers and zeros up to a whole block.
  void weights(const_dnnl_memory_desc_t given, const float* numbers);
  void vector(int argument, const float* numbers, size_t count);
  // Ready to run.
  void make();

  // second: null if there is none.
  void run(const float* in, const float* second, float* out, float* scratch) const;

  std::string implementation() const;
  size_t scratch_bytes() const;
  size_t parameter_bytes() const;

 private:
  // What oneDNN is handed for a task: objects that would cost some allocations to make. There are as many as tasks have
  // ever run at once.
  struct Arguments {
    Memory in, out, second, scratch;
    std::vector<dnnl_exec_arg_t> list;
  };
  // Those that nobody uses just now, each thread's own likely where it left them.
  struct Idle {
    static constexpr int kPlaces = 64;
    std::atomic<Arguments*> places[kPlaces] = {};
    ~Idle();
  };
  struct Parameter {
    int argument;
    Floats numbers;
    Memory memory;
  };

  std::unique_ptr<Arguments> arguments() const;
  std::unique_ptr<Arguments> take() const;
  void give(std::unique_ptr<Arguments> arguments) const;
  const_dnnl_memory_desc_t described(dnnl_query_t query, int index = 0) const;

  PrimitiveDesc desc_;
  int second_;
  Primitive primitive_;
  std::vector<Parameter> parameters_;
  std::unique_ptr<Idle> idle_;
};

// Of a layer's slices, each of which has a `primitive`: scratch memory for any one of them, parameters of all.
template <class Slice>
int64_t scratch_floats(const std::vector<Slice>& slices) {
  size_t most = 0;
  for (const Slice& slice : slices) {
    most = std::max(most, slice.primitive.scratch_bytes());
  }
  return static_cast<int64_t>((most + sizeof(float) - 1) / sizeof(float));
}

template <class Slice>
int64_t parameter_bytes(const std::vector<Slice>& slices) {
  size_t bytes = 0;
  for (const Slice& slice : slices) {
    bytes += slice.primitive.parameter_bytes();
  }
  return static_cast<int64_t>(bytes);
}

}  // namespace convoy::onednn

#endif

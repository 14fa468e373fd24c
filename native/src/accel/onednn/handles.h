// oneDNN's C objects as owned values, and its failures as exceptions that never leave the plug-in.
#ifndef CONVOY_ACCEL_ONEDNN_HANDLES_H
#define CONVOY_ACCEL_ONEDNN_HANDLES_H

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "oneapi/dnnl/dnnl.h"

namespace convoy::onednn {

// Why oneDNN does not take a layer.
struct Refusal {
  std::string why;
};

// Throws Refusal unless the status is success.
void check(dnnl_status_t status, const char* what);

template <class T, dnnl_status_t (*Destroy)(T)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T handle) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (handle_ != nullptr) {
      Destroy(handle_);
    }
  }
  operator T() const { return handle_; }
  T* out() { return &handle_; }

 private:
  T handle_ = nullptr;
};

using MemoryDesc = Handle<dnnl_memory_desc_t, dnnl_memory_desc_destroy>;
using Memory = Handle<dnnl_memory_t, dnnl_memory_destroy>;
using Attributes = Handle<dnnl_primitive_attr_t, dnnl_primitive_attr_destroy>;
using PostOps = Handle<dnnl_post_ops_t, dnnl_post_ops_destroy>;
using PrimitiveDesc = Handle<dnnl_primitive_desc_t, dnnl_primitive_desc_destroy>;
using Primitive = Handle<dnnl_primitive_t, dnnl_primitive_destroy>;
using Stream = Handle<dnnl_stream_t, dnnl_stream_destroy>;

// One OpenMP thread for what the calling thread does next, then what it had before. libgomp otherwise makes a team of
// threads for every thread that calls.
class SingleThread {
 public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int before_;
};

dnnl_engine_t engine();  // the process's
dnnl_stream_t stream();  // the calling thread's

using Dims = std::vector<dnnl_dim_t>;
MemoryDesc tagged(const Dims& dims, dnnl_format_tag_t tag);
MemoryDesc strided(const Dims& dims, const Dims& strides);
Memory memory(const_dnnl_memory_desc_t desc, const float* data);

// 64-byte aligned floats.
class Floats {
 public:
  Floats() = default;
  explicit Floats(size_t bytes);
  float* data() const { return data_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(float* memory) const;
  };
  std::unique_ptr<float, Free> data_;
  size_t bytes_ = 0;
};

}  // namespace convoy::onednn

#endif

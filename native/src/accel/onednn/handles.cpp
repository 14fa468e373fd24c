#include "handles.h"

#include <cstdlib>
#include <new>

// libdnnl brings its libgomp into the process; nothing of OpenMP is linked.
extern "C" {
void omp_set_num_threads(int) __attribute__((weak));
int omp_get_max_threads(void) __attribute__((weak));
}

namespace convoy::onednn {

void check(dnnl_status_t status, const char* what) {
  if (status == dnnl_unimplemented) {
    throw Refusal{std::string("oneDNN has no implementation (") + what + ")"};
  }
  if (status != dnnl_success) {
    throw Refusal{std::string("oneDNN: ") + what + " gave status " + std::to_string(status)};
  }
}

SingleThread::SingleThread() : before_(omp_get_max_threads == nullptr ? 1 : omp_get_max_threads()) {
  if (before_ != 1) {
    omp_set_num_threads(1);
  }
}

SingleThread::~SingleThread() {
  if (before_ != 1) {
    omp_set_num_threads(before_);
  }
}

dnnl_engine_t engine() {
  static dnnl_engine_t engine = [] {
    dnnl_engine_t made = nullptr;
    check(dnnl_engine_create(&made, dnnl_cpu, 0), "engine");
    return made;
  }();
  return engine;
}

dnnl_stream_t stream() {
  thread_local Stream stream = [] {
    Stream made;
    check(dnnl_stream_create(made.out(), engine(), dnnl_stream_in_order), "stream");
    return made;
  }();
  return stream;
}

MemoryDesc tagged(const Dims& dims, dnnl_format_tag_t tag) {
  MemoryDesc desc;
  check(dnnl_memory_desc_create_with_tag(desc.out(), static_cast<int>(dims.size()), dims.data(), dnnl_f32, tag),
        "memory layout");
  return desc;
}

MemoryDesc strided(const Dims& dims, const Dims& strides) {
  MemoryDesc desc;
  check(dnnl_memory_desc_create_with_strides(desc.out(), static_cast<int>(dims.size()), dims.data(), dnnl_f32,
                                             strides.data()),
        "memory layout");
  return desc;
}

Memory memory(const_dnnl_memory_desc_t desc, const float* data) {
  Memory memory;
  check(dnnl_memory_create(memory.out(), desc, engine(), const_cast<float*>(data)), "memory");
  return memory;
}

Floats::Floats(size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  if (bytes > 0 && posix_memalign(&memory, 64, bytes) != 0) {
    throw std::bad_alloc();
  }
  data_.reset(static_cast<float*>(memory));
}

void Floats::Free::operator()(float* memory) const { std::free(memory); }

}  // namespace convoy::onednn

#include "blas.h"

#include <dlfcn.h>

namespace convoy::openblas {
namespace {

constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;  // of cblas.h

using Sgemm = void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
using Sgemv = void (*)(int, int, int, int, float, const float*, int, const float*, int, float, float*, int);

Sgemm sgemm = nullptr;
Sgemv sgemv = nullptr;
const char* (*config)() = nullptr;
const char* (*core)() = nullptr;

template <class Function>
bool find(void* library, const char* name, Function& function, std::string& why) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) {
    why = std::string("the library has no ") + name;
  }
  return function != nullptr;
}

}  // namespace

bool bind(void* library, std::string& why) {
  void (*set_threads)(int) = nullptr;
  if (library == nullptr) {
    why = "OpenBLAS itself was not loaded";
    return false;
  }
  if (!find(library, "cblas_sgemm", sgemm, why) || !find(library, "cblas_sgemv", sgemv, why) ||
      !find(library, "openblas_get_config", config, why) || !find(library, "openblas_get_corename", core, why) ||
      !find(library, "openblas_set_num_threads", set_threads, why)) {
    return false;
  }
  set_threads(1);  // also where somebody had loaded it before us with threads of its own
  return true;
}

std::string description() {
  std::string text = config();  // "OpenBLAS 0.3.31 DYNAMIC_ARCH ..."
  const size_t version = text.find(' ', text.find(' ') + 1);
  return text.substr(0, version) + ", core " + core() + ", one thread a worker";
}

void multiply(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc) {
  sgemm(kRowMajor, kNoTranspose, kNoTranspose, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
}

void multiply_row(int n, int k, const float* a, const float* b, int ldb, float* c) {
  sgemv(kRowMajor, kTranspose, k, n, 1, b, ldb, a, 1, 0, c, 1);
}

}  // namespace convoy::openblas

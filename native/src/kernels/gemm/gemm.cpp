#include "kernels/gemm/gemm.h"

#include "base/isa.h"

namespace convoy {

#define CONVOY_GEMM(isa, rows, columns)                     \
  namespace isa {                                           \
  void gemm_f32_##rows##x##columns(const gemm::Tile& tile); \
  }
#include "kernels/gemm/kernels.inc"
#undef CONVOY_GEMM

namespace gemm {
namespace {

struct Listed {
  Isa isa;
  Kernel kernel;
};

constexpr Listed kListed[] = {
#define CONVOY_GEMM(isa, rows, columns) \
  {Isa::isa, {isa::gemm_f32_##rows##x##columns, rows, columns, #rows "x" #columns}},
#include "kernels/gemm/kernels.inc"
#undef CONVOY_GEMM
};
constexpr int kListedCount = sizeof kListed / sizeof kListed[0];

struct Tables {
  Kernel kernels[kIsaCount][kListedCount];
  Table tables[kIsaCount];

  Tables() {
    for (int isa = 0; isa < kIsaCount; ++isa) {
      int count = 0;
      for (const Listed& listed : kListed) {
        if (static_cast<int>(listed.isa) == isa) {
          kernels[isa][count++] = listed.kernel;
        }
      }
      tables[isa] = {kernels[isa], count};
    }
  }
};

}  // namespace

const Table& table(Isa isa) {
  static const Tables tables;
  return tables.tables[static_cast<int>(isa)];
}

const Kernel* Table::find(int rows, int columns) const {
  for (const Kernel* kernel = kernels; kernel != kernels + count; ++kernel) {
    if (kernel->rows == rows && kernel->columns == columns) {
      return kernel;
    }
  }
  return nullptr;
}

int Table::most_rows(int columns) const {
  int most = 0;
  for (const Kernel* kernel = kernels; kernel != kernels + count; ++kernel) {
    most = kernel->columns == columns && kernel->rows > most ? kernel->rows : most;
  }
  return most;
}

}  // namespace gemm
}  // namespace convoy

#include "kernels/gemm/gemm.h"

#include "kernels/per_isa.h"

namespace convoy {

CONVOY_PER_ISA(extern const gemm::Table gemm_table;)

namespace gemm {

const Table& table(Isa isa) { return CONVOY_OF_ISA(isa, gemm_table); }

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

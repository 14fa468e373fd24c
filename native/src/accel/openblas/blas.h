// What we use of OpenBLAS.
#ifndef CONVOY_ACCEL_OPENBLAS_BLAS_H
#define CONVOY_ACCEL_OPENBLAS_BLAS_H

#include <string>

namespace convoy::openblas {

// Binds to the library of this dlopen handle; false and why if it is no OpenBLAS.
bool bind(void* library, std::string& why);

// Version and core type.
std::string description();

// c[m][n] = a[m][k] * b[k][n], row by row; ldc: from one row of c to the next.
void multiply(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc);

// c[n] = a[k] * b[k][n].
void multiply_row(int n, int k, const float* a, const float* b, int ldb, float* c);

}  // namespace convoy::openblas

#endif

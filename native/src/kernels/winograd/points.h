// The constants of F(m x m, 3 x 3), computed by the compiler.
//
// A filter of three and m outputs multiply like polynomials: evaluate both at m + 2 points, multiply, interpolate
// (Toom-Cook; transposed it is a correlation: Winograd 1980, Lavin and Gray 2015, arXiv:1509.09308). With V the
// Vandermonde matrix of the points, its last column alone at infinity:
//
//   y = A^T [(G g) * (B^T d)],  G = V's first three columns, A = V's first m columns, B^T = transpose of V's inverse.
//
// Whatever scales a row of B^T and unscales that row of G changes nothing but rounding.
//
// The points of every smaller m are a prefix of the points of the largest, and G's rows are the same: a tile at the
// edge of the image with fewer outputs uses some of the very same transformed filters.
//
// Compiled for every instruction set, so all of it has internal linkage.
#ifndef CONVOY_KERNELS_WINOGRAD_POINTS_H
#define CONVOY_KERNELS_WINOGRAD_POINTS_H

namespace convoy {
namespace winograd {
namespace {

constexpr int kMostSize = 4, kMostPoints = kMostSize + 2;
constexpr int kInfinity = 3;  // the index of the point at infinity

struct PointSet {
  double at[kMostPoints];
  double scale[kMostPoints];  // of the rows of B^T
};

constexpr double kRootHalf = 0.70710678118654752440;

// most = 2: halves are the only rounding. most = 4: these points spread the magnitudes least; against 0, 1, -1, 2, -2
// the error is four times smaller, and so many constants are powers of two that no transform takes longer.
constexpr PointSet point_set(int most) {
  return most == 2 ? PointSet{{0, 1, -1, 0}, {1, 2, 2, 1}}
                   : PointSet{{0, kRootHalf, -kRootHalf, 0, 2 * kRootHalf, -2 * kRootHalf}, {1, -1.5, -1.5, 1, 6, 6}};
}

struct Transforms {
  double input[kMostPoints][kMostPoints];  // B^T
  double filter[kMostPoints][3];           // G
  double output[kMostSize][kMostPoints];   // A^T
};

// For tiles of `size` outputs with the first size + 2 points of F(most).
constexpr Transforms transforms(int most, int size) {
  const PointSet set = point_set(most);
  const int points = size + 2;
  Transforms t{};
  for (int i = 0; i < points; ++i) {
    // the polynomial that is 1 at point i and 0 at the others; at infinity, the monic one that is 0 at all others
    double polynomial[kMostPoints + 1] = {set.scale[i]};
    int degree = 0;
    for (int j = 0; j < points; ++j) {
      if (j == i || j == kInfinity) {
        continue;
      }
      const double divisor = i == kInfinity ? 1 : set.at[i] - set.at[j];
      ++degree;
      for (int k = degree; k >= 0; --k) {
        polynomial[k] = ((k > 0 ? polynomial[k - 1] : 0) - set.at[j] * polynomial[k]) / divisor;
      }
    }
    for (int k = 0; k < points; ++k) {
      // what should be 0 or a dyadic fraction differs in the last bits
      t.input[i][k] = polynomial[k] < 1e-12 && polynomial[k] > -1e-12 ? 0 : polynomial[k];
    }
    double power = 1;
    for (int k = 0; k < points; ++k) {
      if (k < 3) {
        t.filter[i][k] = (i == kInfinity ? k == 2 : power) / set.scale[i];
      }
      if (k < size) {
        t.output[k][i] = i == kInfinity ? k == size - 1 : power;
      }
      power *= set.at[i];
    }
  }
  return t;
}

}  // namespace
}  // namespace winograd
}  // namespace convoy

#endif

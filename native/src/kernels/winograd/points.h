// The constants of F(m, r), m outputs of a filter with r taps, computed by the compiler.
//
// A filter of r taps and m outputs multiply like polynomials: evaluate both at m + r - 1 points, multiply, interpolate
// (Toom-Cook; transposed it is a correlation: Winograd 1980, Lavin and Gray 2015, arXiv:1509.09308). With V the
// Vandermonde matrix of the points, its last column alone at infinity:
//
//   y = A^T [(G g) * (B^T d)],  G = V's first r columns, A = V's first m columns, B^T = transpose of V's inverse.
//
// Whatever scales a row of B^T and unscales that row of G changes nothing but rounding: rows of B^T end in 1.
//
// Two dimensions are transformed one after the other, each with points of its own; 1 x 7 has one point in the first.
//
// A tile at the edge of the image with fewer outputs uses a prefix of the points and the very same rows of G, so that
// it multiplies by some of the same transformed filters.
//
// Compiled for every instruction set, so all of it has internal linkage.
#ifndef CONVOY_KERNELS_WINOGRAD_POINTS_H
#define CONVOY_KERNELS_WINOGRAD_POINTS_H

#include <initializer_list>

namespace convoy {
namespace winograd {
namespace {

constexpr int kMostSize = 4, kMostTaps = 7, kMostPoints = kMostSize + kMostTaps - 1;
constexpr int kInfinity = 3;  // the index of the point at infinity

struct PointSet {
  double at[kMostPoints];
};

constexpr double kRootHalf = 0.70710678118654752440;

// Sets of 1, 4, 6, 7, 8 and 10 points: zero, infinity and, but for the last of seven, pairs of opposite ones, whose
// sums share two parts. Of those tried these had the smallest errors; for six points they are a quarter of those of 0,
// 1, -1, 2, -2.
constexpr PointSet point_set(int points) {
  return points <= 4   ? PointSet{{0, 1, -1, 0}}
         : points <= 6 ? PointSet{{0, kRootHalf, -kRootHalf, 0, 2 * kRootHalf, -2 * kRootHalf}}
         : points <= 7 ? PointSet{{0, 0.5, -0.5, 0, 1, -1, 2.5}}
         : points <= 8 ? PointSet{{0, 0.5, -0.5, 0, 1, -1, 2, -2}}
                       : PointSet{{0, 1.25, -1.25, 0, 0.8, -0.8, 0.45, -0.45, 2.2, -2.2}};
}

struct Transforms {
  double input[kMostPoints][kMostPoints];  // B^T
  double filter[kMostPoints][kMostTaps];   // G
  double output[kMostSize][kMostPoints];   // A^T
};

// What should be 0, 1 or another dyadic fraction differs in the last bits.
constexpr double clean(double x) {
  const double sixteenths = x * 16;
  const double nearest = static_cast<double>(static_cast<long long>(sixteenths + (x < 0 ? -0.5 : 0.5)));
  return sixteenths - nearest < 1e-11 && nearest - sixteenths < 1e-11 ? nearest / 16 : x;
}

// For tiles of `size` outputs, with the first size + taps - 1 of this many points.
constexpr Transforms transforms(int points, int taps, int size) {
  const PointSet set = point_set(points);
  const int used = size + taps - 1;
  Transforms t{};
  for (int i = 0; i < used; ++i) {
    double scale = 1;
    for (int j = 0; j < points; ++j) {
      scale *= i == kInfinity || j == kInfinity || j == i ? 1 : set.at[i] - set.at[j];
    }
    // the polynomial that is `scale` at point i and 0 at the others; at infinity, the monic one that is 0 at all others
    double polynomial[kMostPoints + 1] = {scale};
    int degree = 0;
    for (int j = 0; j < used; ++j) {
      if (j == i || j == kInfinity) {
        continue;
      }
      const double divisor = i == kInfinity ? 1 : set.at[i] - set.at[j];
      ++degree;
      for (int k = degree; k >= 0; --k) {
        polynomial[k] = ((k > 0 ? polynomial[k - 1] : 0) - set.at[j] * polynomial[k]) / divisor;
      }
    }
    double power = 1;
    for (int k = 0; k < used; ++k) {
      t.input[i][k] = clean(polynomial[k]);
      if (k < taps) {
        t.filter[i][k] = (i == kInfinity ? k == taps - 1 : power) / scale;
      }
      if (k < size) {
        t.output[k][i] = i == kInfinity ? k == size - 1 : power;
      }
      power *= set.at[i];
    }
  }
  return t;
}

// Whether points i and i + 1 are opposite and both among those used: then B^T's rows for them are p + q and p - q,
// where p is x and q the point times the same polynomial, of which all others are roots.
constexpr bool is_pair(int points, int used, int i) {
  return i > 0 && i != kInfinity && i + 1 < used && i + 1 != kInfinity &&
         point_set(points).at[i] == -point_set(points).at[i + 1];
}

}  // namespace
}  // namespace winograd
}  // namespace convoy

#endif

// Parameters that are multiplied before they are packed.
#ifndef CONVOY_OPS_SCALING_H
#define CONVOY_OPS_SCALING_H

#include <cstdint>

namespace convoy {

// values[i] = values[i] * factors[i / run], computed in double and rounded once, for as many runs as there are factors.
void scale(float* values, int64_t run, const double* factors, int64_t factor_count);

}  // namespace convoy

#endif

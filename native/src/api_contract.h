// What every function of convoy.h does first and last: no exception crosses the border, every pointer is looked at.
#ifndef CONVOY_API_CONTRACT_H
#define CONVOY_API_CONTRACT_H

#include <cmath>

#include "base/status.h"
#include "program/program.h"

namespace convoy {

// What body returns, or the status of what it throws.
template <class Body>
int32_t guarded(Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    return record_exception();
  }
}

// What body returns, or null.
template <class Body>
auto guarded_pointer(Body&& body) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (...) {
    record_exception();
    return nullptr;
  }
}

template <class T>
T& not_null(T* pointer, const char* name) {
  require(pointer != nullptr, "%s is NULL", name);
  return *pointer;
}

// A program that takes more values and steps.
inline Program& open_program(convoy_program* program) {
  Program& p = not_null(program, "program");
  require(!p.sealed(), "the program is sealed");
  return p;
}

inline void require_finite(float number, const char* name) {
  require(std::isfinite(number), "%s must be finite, not %g", name, static_cast<double>(number));
}

// The activation's number, if it is one.
inline int32_t checked_activation(int32_t activation) {
  require(activation >= CONVOY_IDENTITY && activation <= CONVOY_MISH, "there is no activation number %d", activation);
  return activation;
}

// The value `name` of the program, in this layout.
inline const Value& value_in(const Program& program, int32_t id, int32_t layout, const char* name) {
  const Value& value = program.value(id, name);
  require(value.layout == layout, "%s must be %s", name, layout == CONVOY_PLAIN ? "PLAIN" : "BLOCKED16");
  return value;
}

}  // namespace convoy

#endif

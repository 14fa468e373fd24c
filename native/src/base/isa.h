// Which instruction set to compute with. Detected once; a value that is passed on, never a global.
#ifndef CONVOY_BASE_ISA_H
#define CONVOY_BASE_ISA_H

#include <cstdint>
#include <string>

namespace convoy {

enum class Isa : int32_t { portable = 0, avx2 = 1, avx512 = 2 };
constexpr int kIsaCount = 3;

// The best one of this CPU and operating system.
Isa detected_isa();

// The detected one capped by the environment variable CONVOY_MAX_ISA; throws if that names none.
Isa default_isa();

// nullptr for an unknown number.
const char* isa_name(int32_t isa);

// Throws unless isa is a known number that this CPU can run.
Isa checked_isa(int32_t isa);

const std::string& cpu_description();

}  // namespace convoy

#endif

#include "base/isa.h"

#include <cpuid.h>

#include <cstdlib>
#include <cstring>

#include "base/status.h"

namespace convoy {
namespace {

constexpr const char* kNames[kIsaCount] = {"portable", "avx2", "avx512"};

Isa detect() {
  __builtin_cpu_init();
  // what -march=x86-64-v3 and -v4 let the compiler use
  bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
            __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt") &&
            __builtin_cpu_supports("movbe");
  bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl");
  return v4 ? Isa::avx512 : v3 ? Isa::avx2 : Isa::portable;
}

std::string describe() {
  std::string text;
  unsigned registers[12] = {};
  if (__get_cpuid_max(0x80000000u, nullptr) >= 0x80000004u) {
    for (unsigned leaf = 0; leaf < 3; ++leaf) {
      unsigned* r = registers + 4 * leaf;
      __get_cpuid(0x80000002u + leaf, r, r + 1, r + 2, r + 3);
    }
    char brand[sizeof registers + 1] = {};
    std::memcpy(brand, registers, sizeof registers);
    text = brand;
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
  }
  if (text.empty()) {
    text = "unknown CPU";
  }
  text += ":";
#define CONVOY_EXTENSION(name) \
  if (__builtin_cpu_supports(name)) text += " " name;
  CONVOY_EXTENSION("sse4.2")
  CONVOY_EXTENSION("avx")
  CONVOY_EXTENSION("avx2")
  CONVOY_EXTENSION("fma")
  CONVOY_EXTENSION("f16c")
  CONVOY_EXTENSION("avx512f")
  CONVOY_EXTENSION("avx512bw")
  CONVOY_EXTENSION("avx512cd")
  CONVOY_EXTENSION("avx512dq")
  CONVOY_EXTENSION("avx512vl")
  CONVOY_EXTENSION("avx512vnni")
  CONVOY_EXTENSION("avx512bf16")
#undef CONVOY_EXTENSION
  return text;
}

}  // namespace

Isa detected_isa() {
  static const Isa isa = detect();
  return isa;
}

Isa default_isa() {
  const char* cap = std::getenv("CONVOY_MAX_ISA");
  if (cap == nullptr) {
    return detected_isa();
  }
  for (int i = 0; i < kIsaCount; ++i) {
    if (std::strcmp(cap, kNames[i]) == 0) {
      return i < static_cast<int>(detected_isa()) ? static_cast<Isa>(i) : detected_isa();
    }
  }
  fail(CONVOY_INVALID, "CONVOY_MAX_ISA is \"%.64s\"; it must be portable, avx2 or avx512, or unset", cap);
}

const char* isa_name(int32_t isa) { return isa >= 0 && isa < kIsaCount ? kNames[isa] : nullptr; }

Isa checked_isa(int32_t isa) {
  require(isa >= 0 && isa < kIsaCount, "there is no instruction set number %d", isa);
  require(isa <= static_cast<int32_t>(detected_isa()), "this CPU cannot run %s; its best is %s", kNames[isa],
          kNames[static_cast<int>(detected_isa())]);
  return static_cast<Isa>(isa);
}

const std::string& cpu_description() {
  static const std::string text = describe();
  return text;
}

}  // namespace convoy

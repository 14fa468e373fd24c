#include "base/caches.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace convoy {
namespace {

// A hypervisor may tell anything.
int64_t plausible(int64_t bytes, int64_t least, int64_t most, int64_t usual) {
  return bytes < least ? usual : std::min(bytes, most);
}

// What the kernel says of the cache that processor 0 shares; 0 if nothing. sysconf adds up those of other sockets.
int64_t shared_cache_bytes() {
  long kib = 0;
  if (FILE* file = std::fopen("/sys/devices/system/cpu/cpu0/cache/index3/size", "r")) {
    if (std::fscanf(file, "%ldK", &kib) != 1) {
      kib = 0;
    }
    std::fclose(file);
  }
  return int64_t{kib} << 10;
}

}  // namespace

int64_t l2_bytes() {
  static const int64_t bytes = plausible(sysconf(_SC_LEVEL2_CACHE_SIZE), 256 << 10, 4 << 20, 1 << 20);
  return bytes;
}

int64_t l3_bytes() {
  static const int64_t bytes = plausible(shared_cache_bytes(), 2 << 20, 64 << 20, 16 << 20);
  return bytes;
}

}  // namespace convoy

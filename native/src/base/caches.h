// What this machine's caches hold. No result depends on it.
#ifndef CONVOY_BASE_CACHES_H
#define CONVOY_BASE_CACHES_H

#include <cstdint>

namespace convoy {

// Of the level-2 cache of a core: what blocking is cut for.
int64_t l2_bytes();

// Of the level-3 cache that the cores share.
int64_t l3_bytes();

}  // namespace convoy

#endif

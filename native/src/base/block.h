// The number of the layout that everything is cut for.
#ifndef CONVOY_BASE_BLOCK_H
#define CONVOY_BASE_BLOCK_H

#include "convoy/convoy.h"

namespace convoy {

constexpr int kBlock = CONVOY_BLOCK;  // channels of a block of CONVOY_BLOCKED16

}  // namespace convoy

#endif

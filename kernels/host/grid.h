// Runs a grid: blocks spread over a few OS threads of our own. Never the caller's thread, which may
// belong to a JVM that looks at its stack.
#pragma once

#include <string>

#include "fibers.h"
#include "registry.h"

namespace feedlight::host {

struct Geometry {
  Extent grid;
  Extent block;
  unsigned shared_bytes;
};

// Waits for the end. Empty, or what went wrong in one of the blocks.
std::string run_grid(const Kernel& kernel, const Geometry& geometry, void** arguments);

// OS threads: FEEDLIGHT_STANDIN_THREADS, by default those of the machine, 4 at most.
int workers();

}  // namespace feedlight::host

// A block of a CUDA grid on one OS thread: its threads are fibers that give way at barriers and at
// operations of a warp. A thread that never waits costs no switch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "copies.h"
#include "products.h"

namespace feedlight::host {

struct Extent {
  unsigned x, y, z;
};

// Where in the source a thread waits.
struct Site {
  const char* file;
  int line;

  bool operator==(const Site& other) const;
};

struct Block {
  Extent index;
  Extent extent;
  Extent grid;
  unsigned char* shared;  // dynamic
  std::size_t shared_bytes;
};

// What kernels see of a thread.
struct Running {
  Extent thread;
  Block* block;
  Copies copies;
  Products products;
  std::vector<void*> made_barriers;  // in shared memory, not shown to copies yet
};

// Points at the thread that runs on this OS thread. One initial-exec variable would put the whole
// block of the library, the arrays of __shared__ included, into the static block, which is too small
// in a library that is loaded late.
extern constinit thread_local Running* running __attribute__((tls_model("global-dynamic")));

// Ends the block with an error of the running thread, for example an address that is not aligned.
[[noreturn]] void fault(const std::string& message);

// Ends the kernel if an address is not a multiple of so many bytes.
inline void require_aligned(const void* address, std::uintptr_t bytes) {
  if (reinterpret_cast<std::uintptr_t>(address) % bytes != 0) {
    fault("an address is not aligned to " + std::to_string(bytes) + " bytes");
  }
}

// One entry per lane of a warp, null for lanes that do not take part.
struct Lanes {
  void* deposit[32];
};

// Waits for all threads of the block.
void block_barrier(Site site);

// The one primitive of a warp: lanes of the mask deposit a pointer and wait; the last one to arrive
// runs `join` over all deposits. A null deposit is replaced by a pointer to nothing of interest.
void warp(unsigned mask, void* deposit, void (*join)(Lanes&, void*), void* context, Site site);

// The same for the 128 threads of a warpgroup, four warps of which the first has a multiple of 4 for
// its number.
void warpgroup(void* deposit, void (*join)(void* (&deposits)[128]), Site site);

// Waits until ready(what) holds; the description is for a block in which it never does.
void wait_until(
    const void* what,
    bool (*ready)(const void* what),
    std::string (*description)(const void* what),
    Site site);

// What comes before made_ready(point) comes before what follows a later point_passed(point), for a
// sanitizer.
void made_ready(const void* point);
void point_passed(const void* point);

// Leaves work to be done when no thread of the block can go on, which is as late as a GPU may do what
// it does in the background. A block must not end before. The work says what went wrong, if anything.
void when_idle(std::function<std::string()> work);

// Whether bytes lie in the block's dynamic shared memory, and their address there: that of a window
// of 256 KiB, as on a GPU.
void require_shared(const void* address, std::size_t bytes);
unsigned shared_address(const void* address);
unsigned char* at_shared_address(unsigned address, std::size_t bytes);

// In which order the threads of a block start and go on: FEEDLIGHT_STANDIN_ORDER.
struct Order {
  enum class Kind { forward, reverse, random } kind = Kind::forward;
  unsigned long long seed = 0;

  // Of the environment: forward, reverse or a number.
  static Order chosen();
};

// Runs the blocks that it is given, one after the other, on the calling OS thread.
class BlockRunner {
 public:
  explicit BlockRunner(Order order);
  ~BlockRunner();
  BlockRunner(const BlockRunner&) = delete;
  BlockRunner& operator=(const BlockRunner&) = delete;

  // Empty if the block ran to its end, otherwise what went wrong, for people.
  std::string run(
      Block& block, unsigned long long number, void (*body)(void* context), void* context);

  struct State;

 private:
  State* state;
};

}  // namespace feedlight::host

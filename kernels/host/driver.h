// What the parts of the stand-in driver share. Streams run at once, so that nothing is pending when
// a function returns; a stream that captures only records.
//
// Types and numbers are those of CUDA's cuda.h, written out so that no toolkit is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "grid.h"
#include "memory.h"

#define FEEDLIGHT_API extern "C" __attribute__((visibility("default"))) int

// A second name of a function, for versions whose arguments are the same.
#define FEEDLIGHT_ALIAS(name, target, ...) \
  extern "C" __attribute__((visibility("default"), alias(#target))) int name(__VA_ARGS__);

namespace feedlight::host {

enum Result : int {
  success = 0,
  invalid_value = 1,
  out_of_memory = 2,
  not_initialized = 3,
  no_device = 100,
  invalid_device = 101,
  invalid_image = 200,
  invalid_context = 201,
  invalid_handle = 400,
  not_found = 500,
  illegal_address = 700,
  launch_out_of_resources = 701,
  illegal_instruction = 715,
  not_supported = 801,
  capture_unsupported = 900,
  capture_invalidated = 901,
  illegal_state = 401,
};

using Node = std::function<int()>;

struct Graph {
  std::vector<Node> nodes;
};

struct Context {
  int sticky = success;
  unsigned uses = 1;  // of the primary context
};

struct Stream {
  Graph* capture = nullptr;
  bool invalidated = false;
  int mode = 0;  // 0 global, 1 thread local, 2 relaxed
};

struct Event {
  std::uint64_t nanoseconds = 0;
};

struct Module {
  std::string image;
};

struct Function {
  const Kernel* kernel;
  int dynamic_limit;
};

// Everything there is, guarded by one mutex that every function holds.
struct Driver {
  std::recursive_mutex mutex;
  bool initialized = false;
  Memory memory;
  std::unordered_set<const void*> handles;
  std::unordered_set<Stream*> capturing;
  Context* primary = nullptr;
};

Driver& driver();

// Contexts of the calling thread, the current one last.
std::vector<Context*>& context_stack();

// Where the environment holds a number, as the text of it; otherwise the default.
const char* setting(const char* name, const char* otherwise);

// Shared memory that a block may have on request, as the CUDA C++ Programming Guide has it for each
// compute capability.
int most_shared_bytes();

// Says something to whoever reads the process's standard error.
void complain(const std::string& message);

// Keeps the error until the context is destroyed.
int stick(int error);

// Holds the driver's mutex; `error` is what the function must return before it does anything.
struct Entry {
  explicit Entry(bool needs_context = true);
  std::lock_guard<std::recursive_mutex> lock;
  int error;
};

// Whether a capture forbids what changes or waits for the whole device; invalidates it if so.
bool forbidden_by_capture();

// Runs the work, or records it if the stream captures.
int submit(void* stream, Node work);

template <typename T>
T* make_handle() {
  T* handle = new T();
  driver().handles.insert(handle);
  return handle;
}

inline bool alive(const void* handle) { return driver().handles.count(handle) != 0; }

template <typename T>
int drop_handle(T* handle) {
  if (driver().handles.erase(handle) == 0) {
    return invalid_handle;
  }
  delete handle;
  return success;
}

}  // namespace feedlight::host

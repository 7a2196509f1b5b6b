// Modules, functions and launches of the stand-in driver.
#include "driver.h"

#include <cstdlib>
#include <cstring>
#include <memory>

using namespace feedlight::host;

// ---- modules and functions

namespace {

constexpr char image_start[] = "feedlight stand-in image ";
constexpr int image_limit = 128;

// The name in an image of the stand-in; empty if it is none. Reads no further than it matches.
std::string image_name(const char* text) {
  for (std::size_t i = 0; i + 1 < sizeof image_start; i++) {
    if (text[i] != image_start[i]) {
      return "";
    }
  }
  std::string name;
  for (const char* at = text + sizeof image_start - 1; name.size() < image_limit; at++) {
    if (*at == '\n') {
      return name;
    }
    if (*at == 0) {
      return "";
    }
    name += *at;
  }
  return "";
}

}  // namespace

FEEDLIGHT_API cuModuleLoadData(Module** module, const void* image) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  std::string name = image_name(static_cast<const char*>(image));
  bool known = false;
  for (const Kernel* kernel : kernels()) {
    known = known || kernel->image == name;
  }
  if (!known) {
    complain(
        name.empty() ? "an image that is not of the stand-in" : "no kernels of an image " + name);
    return invalid_image;
  }
  *module = make_handle<Module>();
  (*module)->image = name;
  return success;
}

FEEDLIGHT_API cuModuleLoadDataEx(Module** module, const void* image, unsigned, int*, void**) {
  return cuModuleLoadData(module, image);
}
FEEDLIGHT_ALIAS(cuModuleLoadFatBinary, cuModuleLoadData, Module**, const void*)

// Its functions stay: they are few.
FEEDLIGHT_API cuModuleUnload(Module* module) {
  Entry entry;
  return entry.error != success ? entry.error : drop_handle(module);
}

FEEDLIGHT_API cuModuleGetFunction(Function** function, Module* module, const char* name) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!alive(module)) {
    return invalid_handle;
  }
  for (const Kernel* kernel : kernels()) {
    if (kernel->image == module->image && kernel->name == name) {
      *function = make_handle<Function>();
      **function = {kernel, 48 * 1024};
      return success;
    }
  }
  return not_found;
}

FEEDLIGHT_API cuFuncGetAttribute(int* value, int attribute, Function* function) {
  Entry entry;
  if (!alive(function)) {
    return invalid_handle;
  }
  *value = attribute == 0 ? 1024 : attribute == 8 ? function->dynamic_limit : 0;
  return entry.error;
}

FEEDLIGHT_API cuFuncSetAttribute(Function* function, int attribute, int value) {
  Entry entry;
  if (!alive(function)) {
    return invalid_handle;
  }
  if (attribute == 8) {
    if (value < 0 || value > most_shared_bytes()) {
      return invalid_value;
    }
    function->dynamic_limit = value;
  }
  return entry.error;
}

FEEDLIGHT_API cuFuncSetCacheConfig(Function*, int) { return success; }
FEEDLIGHT_API cuFuncSetSharedMemConfig(Function*, int) { return success; }

// ---- launches

namespace {

// Arguments by value, as a launch keeps them; tensor maps want a place aligned to 64 bytes.
struct Arguments {
  struct alignas(64) Piece {
    unsigned char bytes[64];
  };

  std::vector<Piece> pieces;
  std::vector<std::size_t> offsets;
  std::size_t size = 0;

  explicit Arguments(const Kernel& kernel) {
    for (std::size_t one : kernel.sizes) {
      std::size_t alignment = one % 64 == 0 ? 64 : one;
      size = (size + alignment - 1) / alignment * alignment;
      offsets.push_back(size);
      size += one;
    }
    pieces.resize((size + sizeof(Piece) - 1) / sizeof(Piece));
  }

  unsigned char* bytes() { return pieces.data()->bytes; }

  int run(const Kernel& kernel, const Geometry& geometry) {
    std::vector<void*> pointers;
    for (std::size_t offset : offsets) {
      pointers.push_back(bytes() + offset);
    }
    std::string trouble = run_grid(kernel, geometry, pointers.data());
    int error = illegal_instruction;
    if (trouble.empty() && strcmp(setting("FEEDLIGHT_STANDIN_CANARIES", ""), "launch") == 0) {
      trouble = driver().memory.damage();
      error = illegal_address;
    }
    if (trouble.empty()) {
      return success;
    }
    complain(kernel.name + ": " + trouble);
    return stick(error);
  }
};

bool in_range(unsigned value, unsigned limit) { return value >= 1 && value <= limit; }

}  // namespace

FEEDLIGHT_API cuLaunchKernel(
    Function* function,
    unsigned grid_x,
    unsigned grid_y,
    unsigned grid_z,
    unsigned block_x,
    unsigned block_y,
    unsigned block_z,
    unsigned shared_bytes,
    void* stream,
    void** parameters,
    void** extra) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if (!alive(function)) {
    return invalid_handle;
  }
  const Kernel& kernel = *function->kernel;
  Geometry geometry{
      {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared_bytes};
  bool fits = in_range(grid_x, 2147483647u) && in_range(grid_y, 65535) && in_range(grid_z, 65535)
              && in_range(block_x, 1024) && in_range(block_y, 1024) && in_range(block_z, 64)
              && static_cast<unsigned long long>(block_x) * block_y * block_z <= 1024;
  if (!fits) {
    complain(kernel.name + ": no such geometry");
    return invalid_value;
  }
  if (shared_bytes > static_cast<unsigned>(function->dynamic_limit)) {
    complain(
        kernel.name + ": " + std::to_string(shared_bytes) + " bytes of shared memory, "
        + std::to_string(function->dynamic_limit) + " are allowed");
    return invalid_value;
  }
  auto arguments = std::make_shared<Arguments>(kernel);
  if (parameters != nullptr) {
    for (std::size_t i = 0; i < kernel.sizes.size(); i++) {
      memcpy(arguments->bytes() + arguments->offsets[i], parameters[i], kernel.sizes[i]);
    }
  } else if (extra != nullptr) {
    // Pairs of a name (1 the buffer, 2 the address of its size) and a value; 0 ends.
    const void* buffer = nullptr;
    std::size_t size = 0;
    for (void** pair = extra; *pair != nullptr; pair += 2) {
      if (*pair == reinterpret_cast<void*>(1)) {
        buffer = pair[1];
      } else if (*pair == reinterpret_cast<void*>(2)) {
        size = *static_cast<std::size_t*>(pair[1]);
      }
    }
    if (buffer == nullptr || size < arguments->size) {
      return invalid_value;
    }
    memcpy(arguments->bytes(), buffer, arguments->size);
  } else if (!kernel.sizes.empty()) {
    return invalid_value;
  }
  return submit(stream, [&kernel, geometry, arguments] {
    return arguments->run(kernel, geometry);
  });
}
FEEDLIGHT_ALIAS(
    cuLaunchKernel_ptsz,
    cuLaunchKernel,
    Function*,
    unsigned,
    unsigned,
    unsigned,
    unsigned,
    unsigned,
    unsigned,
    unsigned,
    void*,
    void**,
    void**)

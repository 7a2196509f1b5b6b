// What the stand-ins for CUDA's libraries share: kernels of the stand-in driver, launched as the
// libraries launch theirs, on a stream, which may be one that captures.
#pragma once

#include <cstddef>
#include <cstdint>

#define FEEDLIGHT_LIBRARY_API extern "C" __attribute__((visibility("default"))) int

extern "C" {
int cuModuleLoadData(void** module, const void* image);
int cuModuleGetFunction(void** function, void* module, const char* name);
int cuModuleUnload(void* module);
int cuLaunchKernel(
    void* function,
    unsigned grid_x,
    unsigned grid_y,
    unsigned grid_z,
    unsigned block_x,
    unsigned block_y,
    unsigned block_z,
    unsigned shared_bytes,
    void* stream,
    void** parameters,
    void** extra);
}

namespace feedlight::host {

// A kernel of library_kernels.cu in the context that is current when it is made.
class LibraryKernel {
 public:
  // Whether the driver gave it.
  bool open(const char* name) {
    return cuModuleLoadData(&module_, "feedlight stand-in image library_kernels\n") == 0
           && cuModuleGetFunction(&function_, module_, name) == 0;
  }

  void close() { cuModuleUnload(module_); }

  // One thread for each of `elements`, at least 1; whether the driver took the launch.
  template <typename... P>
  bool launch(void* stream, std::uint64_t elements, P... parameters) {
    constexpr unsigned threads = 256;
    std::uint64_t blocks = (elements + threads - 1) / threads;
    void* pointers[] = {&parameters...};
    return blocks <= 2147483647u
           && cuLaunchKernel(
                  function_,
                  static_cast<unsigned>(blocks),
                  1,
                  1,
                  threads,
                  1,
                  1,
                  0,
                  stream,
                  pointers,
                  nullptr)
                  == 0;
  }

 private:
  void* module_ = nullptr;
  void* function_ = nullptr;
};

// A property of a library's version: 0 major, 1 minor, 2 patch. False for any other.
inline bool version_property(int property, int major, int minor, int patch, int* value) {
  switch (property) {
    case 0:
      *value = major;
      return true;
    case 1:
      *value = minor;
      return true;
    case 2:
      *value = patch;
      return true;
    default:
      return false;
  }
}

}  // namespace feedlight::host

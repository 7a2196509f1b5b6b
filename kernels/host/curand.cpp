// A stand-in for cuRAND: generators whose normal deviates are our own, see library_kernels.cu, and
// not the bits of cuRAND. Types and numbers are those of CUDA's curand.h.
#include <new>

#include "library.h"

namespace {

enum Status : int {
  success = 0,
  not_initialized = 101,
  type_error = 103,
  out_of_range = 104,
  length_not_multiple = 105,
  launch_failure = 201,
  initialization_failed = 203,
};

constexpr int version_major = 10;
constexpr int version_minor = 3;
constexpr int version_patch = 7;

constexpr int xorwow = 101;
constexpr int philox = 161;

struct Generator {
  feedlight::host::LibraryKernel normals;
  std::uint64_t seed = 0;
  std::uint64_t offset = 0;
  void* stream = nullptr;
};

}  // namespace

FEEDLIGHT_LIBRARY_API curandCreateGenerator(Generator** generator, int type) {
  if (type != xorwow && type != philox) {
    return type_error;
  }
  *generator = new (std::nothrow) Generator();
  if (*generator == nullptr || !(*generator)->normals.open("standin_normals")) {
    delete *generator;
    *generator = nullptr;
    return initialization_failed;
  }
  return success;
}

FEEDLIGHT_LIBRARY_API curandDestroyGenerator(Generator* generator) {
  if (generator == nullptr) {
    return not_initialized;
  }
  generator->normals.close();
  delete generator;
  return success;
}

FEEDLIGHT_LIBRARY_API curandSetStream(Generator* generator, void* stream) {
  if (generator == nullptr) {
    return not_initialized;
  }
  generator->stream = stream;
  return success;
}

FEEDLIGHT_LIBRARY_API curandSetPseudoRandomGeneratorSeed(
    Generator* generator, unsigned long long seed) {
  if (generator == nullptr) {
    return not_initialized;
  }
  generator->seed = seed;
  generator->offset = 0;
  return success;
}

FEEDLIGHT_LIBRARY_API curandSetGeneratorOffset(Generator* generator, unsigned long long offset) {
  if (generator == nullptr) {
    return not_initialized;
  }
  generator->offset = offset;
  return success;
}

// All orders are one here.
FEEDLIGHT_LIBRARY_API curandSetGeneratorOrdering(Generator* generator, int order) {
  if (generator == nullptr) {
    return not_initialized;
  }
  return order >= 100 && order <= 104 ? success : out_of_range;
}

FEEDLIGHT_LIBRARY_API curandGenerateNormal(
    Generator* generator, float* out, std::size_t n, float mean, float deviation) {
  if (generator == nullptr) {
    return not_initialized;
  }
  if (n % 2 != 0) {
    return length_not_multiple;
  }
  if (n == 0) {
    return success;
  }
  unsigned long long seed = generator->seed;
  unsigned long long offset = generator->offset;
  long long count = static_cast<long long>(n);
  if (!generator->normals.launch(generator->stream, n, out, seed, offset, mean, deviation, count)) {
    return launch_failure;
  }
  generator->offset += n;
  return success;
}

FEEDLIGHT_LIBRARY_API curandGetVersion(int* version) {
  *version = 1000 * version_major + 100 * version_minor + version_patch;
  return success;
}

FEEDLIGHT_LIBRARY_API curandGetProperty(int property, int* value) {
  return feedlight::host::version_property(
             property, version_major, version_minor, version_patch, value)
             ? success
             : out_of_range;
}

// Tensor maps of the stand-in driver, with the rules of the CUDA Driver API for the part of them that
// it knows: matrices of bytes and bf16.
#include "driver.h"
#include "tensor_map.h"

using namespace feedlight::host;

namespace {

constexpr int uint8 = 0;
constexpr int bfloat16 = 9;

// Empty, or which rule is broken.
std::string wrong(
    const void* map,
    unsigned rank,
    std::uint64_t address,
    const std::uint64_t* extents,
    const std::uint64_t* strides,
    const std::uint32_t* box,
    const std::uint32_t* steps,
    int element,
    int swizzle) {
  if (reinterpret_cast<std::uintptr_t>(map) % 64 != 0) {
    return "a map is aligned to 64 bytes";
  }
  if (rank != 2) {
    return "the stand-in knows matrices only";
  }
  if (address % 16 != 0) {
    return "a matrix is aligned to 16 bytes";
  }
  for (int i = 0; i < 2; i++) {
    if (extents[i] < 1 || extents[i] > std::uint64_t{1} << 32) {
      return "extents are from 1 to 2^32";
    }
    if (box[i] < 1 || box[i] > 256) {
      return "extents of a box are from 1 to 256";
    }
    if (steps[i] != 1) {
      return "the stand-in knows steps of 1 only";
    }
  }
  if (strides[0] % 16 != 0 || strides[0] >= std::uint64_t{1} << 40
      || strides[0] < extents[0] * static_cast<unsigned>(element)) {
    return "strides are multiples of 16 bytes, below 2^40, and no less than a row";
  }
  unsigned row = box[0] * static_cast<unsigned>(element);
  if (row % 16 != 0) {
    return "a row of a box has a multiple of 16 bytes";
  }
  if (swizzle < 0 || swizzle > 3 || (swizzle > 0 && row > (16u << swizzle))) {
    return "a row of a box is no longer than what is swizzled";
  }
  std::uint64_t bytes = (extents[1] - 1) * strides[0] + extents[0] * static_cast<unsigned>(element);
  if (!driver().memory.holds(address, bytes)) {
    return "the matrix lies in no allocation";
  }
  return "";
}

}  // namespace

FEEDLIGHT_API cuTensorMapEncodeTiled(
    void* map,
    int type,
    unsigned rank,
    void* address,
    const std::uint64_t* extents,
    const std::uint64_t* strides,
    const std::uint32_t* box,
    const std::uint32_t* steps,
    int interleave,
    int swizzle,
    int,
    int fill) {
  Entry entry;
  if (entry.error != success) {
    return entry.error;
  }
  if ((type != uint8 && type != bfloat16) || interleave != 0 || fill != 0) {
    complain("tensor map: the stand-in knows bytes and bf16 without interleaving, filled by zeros");
    return invalid_value;
  }
  int element = type == uint8 ? 1 : 2;
  auto start = reinterpret_cast<std::uint64_t>(address);
  std::string trouble = wrong(map, rank, start, extents, strides, box, steps, element, swizzle);
  if (!trouble.empty()) {
    complain("tensor map: " + trouble);
    return invalid_value;
  }
  TensorMap made{};
  made.mark = TensorMap::made;
  made.address = start;
  made.columns = extents[0];
  made.rows = extents[1];
  made.stride = strides[0];
  made.box_columns = box[0];
  made.box_rows = box[1];
  made.element = static_cast<unsigned>(element);
  made.swizzled = swizzle == 0 ? 0 : 16u << swizzle;
  memcpy(map, &made, sizeof made);
  return success;
}

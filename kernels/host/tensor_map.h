// What the stand-in's cuTensorMapEncodeTiled writes into the 128 bytes of a tensor map: a matrix in
// global memory, cut into boxes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace feedlight::host {

struct TensorMap {
  static constexpr std::uint64_t made = 0x50414D524F534E54u;

  std::uint64_t mark;
  std::uint64_t address;
  std::uint64_t columns;
  std::uint64_t rows;
  std::uint64_t stride;  // of a row, in bytes
  std::uint32_t box_columns;
  std::uint32_t box_rows;
  std::uint32_t element;  // bytes
  std::uint32_t swizzled;  // bytes of a row of the box whose pieces of 16 change places, or 0
  unsigned char rest[128 - 56];

  std::size_t row_bytes() const { return std::size_t{box_columns} * element; }
  std::size_t box_bytes() const { return row_bytes() * box_rows; }

  // Where a byte of shared memory lies that would lie at `address` without a swizzle: bits 4 to 6
  // are changed by bits 7 to 9 of a swizzle of 128 bytes (by 7 and 8, by 7, of 64 and 32).
  static unsigned swizzle(unsigned address, unsigned swizzled) {
    unsigned bits = swizzled / 16 == 0 ? 0 : swizzled / 16 - 1;
    return address ^ ((address >> 7 & bits) << 4);
  }

  // The box at (row, column), which may lie outside, to shared memory at `to`, whose address there
  // is `start`.
  void copy(unsigned char* to, unsigned start, std::int64_t column, std::int64_t row) const {
    for (std::uint32_t r = 0; r < box_rows; r++) {
      for (std::uint32_t c = 0; c < box_columns; c++) {
        auto offset = static_cast<unsigned>(r * row_bytes() + std::size_t{c} * element);
        unsigned char* at = to + (swizzle(start + offset, swizzled) - start);
        std::int64_t from_row = row + r;
        std::int64_t from_column = column + c;
        bool inside = from_row >= 0 && from_row < static_cast<std::int64_t>(rows)
                      && from_column >= 0 && from_column < static_cast<std::int64_t>(columns);
        if (inside) {
          memcpy(
              at,
              reinterpret_cast<const unsigned char*>(address)
                  + static_cast<std::uint64_t>(from_row) * stride
                  + static_cast<std::uint64_t>(from_column) * element,
              element);
        } else {
          memset(at, 0, element);
        }
      }
    }
  }
};

static_assert(sizeof(TensorMap) == 128, "as on a GPU");

}  // namespace feedlight::host

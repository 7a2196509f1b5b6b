// C = A B for one 64 x 64 tile of C by tensor cores. Operands are fp32 in memory and rounded on the
// way; sums are fp32, each in ascending depth, step by step of the instruction.
//
// A block has 4 warps, each with 32 x 32 sums: 2 x 4 fragments of 16 x 8. Slices of both operands
// pass through a ring of stages in shared memory. A slice keeps the way its memory runs, so that
// four neighbours in memory stay neighbours:
//
//   bf16  slices of depth 32 in 2 stages, by way of registers, where they are rounded (and masked).
//         Fragments come by ldmatrix, by ldmatrix.trans where memory runs along the places.
//   tf32  slices of depth 16 in 4 stages, plain operands by cp.async, 16 bytes at a time where rows
//         are aligned and 4 bytes where they are not; others by way of registers. Fragments come by
//         plain loads (ldmatrix.trans moves halfwords only) and are rounded then.
//
// Rows of a slice are padded so that neither ldmatrix nor the loads of fragments have bank
// conflicts: 80 and 144 bytes a row for bf16; 80 and 288 for tf32.
#pragma once

#include "async_copy.cuh"
#include "ldmatrix.cuh"
#include "mma.cuh"
#include "tile.cuh"

// Where element (place, depth) of a slice lies.
template <typename Element, bool along_depth>
struct FlSlice {
  static constexpr int row = along_depth ? Element::depth + Element::pad : FL_TILE + 8;
  static constexpr int size = row * (along_depth ? FL_TILE : Element::depth);
  static_assert(row * sizeof(typename Element::Stored) % 16 == 0, "rows are aligned to 16 bytes");
  __device__ static int at(int place, int depth) {
    return along_depth ? place * row + depth : depth * row + place;
  }
};

// Of a lane: its group of four and its place in it.
__device__ inline int fl_lane_group() { return (int)threadIdx.x % 32 / 4; }
__device__ inline int fl_lane_place() { return (int)threadIdx.x % 4; }

struct FlBf16 {
  using Stored = unsigned short;
  static constexpr int depth = 32;
  static constexpr int stages = 2;
  static constexpr int pad = 8;
  static constexpr int step = 16;  // depth of one instruction
  static constexpr bool copied = false;

  template <bool along_depth>
  using Slice = FlSlice<FlBf16, along_depth>;

  template <bool along_depth>
  __device__ static void put(Stored* slice, int place, int depth_, const float4& v) {
    *reinterpret_cast<uint2*>(slice + Slice<along_depth>::at(place, depth_)) =
        make_uint2(fl_bf16_pair(v.x, v.y), fl_bf16_pair(v.z, v.w));
  }

  // Four matrices of 8 x 8 at (place, depth): lanes of matrix i give its rows.
  template <bool along_depth>
  __device__ static void load(
      unsigned (&m)[4], const Stored* slice, int place, int depth_, int place_bit, int depth_bit) {
    int lane = (int)threadIdx.x % 32;
    int row = lane % 8;
    int matrix = lane / 8;
    place += 8 * (matrix >> place_bit & 1) + (along_depth ? row : 0);
    depth_ += 8 * (matrix >> depth_bit & 1) + (along_depth ? 0 : row);
    const Stored* at = slice + Slice<along_depth>::at(place, depth_);
    if constexpr (along_depth) {
      fl_ldmatrix_x4(m, at);
    } else {
      fl_ldmatrix_x4_trans(m, at);
    }
  }

  // A fragment of 16 places of the left operand.
  template <bool along_depth>
  __device__ static void left(unsigned (&a)[4], const Stored* slice, int place, int depth_) {
    load<along_depth>(a, slice, place, depth_, 0, 1);
  }

  // Two fragments of 8 places each of the right operand.
  template <bool along_depth>
  __device__ static void right(unsigned (&b)[2][2], const Stored* slice, int place, int depth_) {
    unsigned m[4];
    load<along_depth>(m, slice, place, depth_, 1, 0);
    b[0][0] = m[0];
    b[0][1] = m[1];
    b[1][0] = m[2];
    b[1][1] = m[3];
  }

  __device__ static void multiply(
      float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    fl_mma_bf16(d, a, b);
  }
};

struct FlTf32 {
  using Stored = float;
  static constexpr int depth = 16;
  static constexpr int stages = 4;
  static constexpr int pad = 4;
  static constexpr int step = 8;
  static constexpr bool copied = true;

  template <bool along_depth>
  using Slice = FlSlice<FlTf32, along_depth>;

  template <bool along_depth>
  __device__ static void put(Stored* slice, int place, int depth_, const float4& v) {
    *reinterpret_cast<float4*>(slice + Slice<along_depth>::at(place, depth_)) = v;
  }

  // The same by a copy in the background of so many of the four, and zeros.
  template <bool along_depth>
  __device__ static void copy(
      Stored* slice, int place, int depth_, const float* from, int count, bool wide) {
    Stored* to = slice + Slice<along_depth>::at(place, depth_);
    if (wide) {
      fl_cp_async_16(to, from, 4 * count);
    } else {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        fl_cp_async_4(to + i, i < count ? from + i : from, i < count ? 4 : 0);
      }
    }
  }

  __device__ static void commit() { fl_cp_async_commit(); }

  template <int left>
  __device__ static void wait() {
    fl_cp_async_wait<left>();
  }

  template <bool along_depth>
  __device__ static void left(unsigned (&a)[4], const Stored* slice, int place, int depth_) {
    using Own = Slice<along_depth>;
    place += fl_lane_group();
    depth_ += fl_lane_place();
    a[0] = fl_tf32(slice[Own::at(place, depth_)]);
    a[1] = fl_tf32(slice[Own::at(place + 8, depth_)]);
    a[2] = fl_tf32(slice[Own::at(place, depth_ + 4)]);
    a[3] = fl_tf32(slice[Own::at(place + 8, depth_ + 4)]);
  }

  template <bool along_depth>
  __device__ static void right(unsigned (&b)[2][2], const Stored* slice, int place, int depth_) {
    using Own = Slice<along_depth>;
    place += fl_lane_group();
    depth_ += fl_lane_place();
    b[0][0] = fl_tf32(slice[Own::at(place, depth_)]);
    b[0][1] = fl_tf32(slice[Own::at(place, depth_ + 4)]);
    b[1][0] = fl_tf32(slice[Own::at(place + 8, depth_)]);
    b[1][1] = fl_tf32(slice[Own::at(place + 8, depth_ + 4)]);
  }

  __device__ static void multiply(
      float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    fl_mma_tf32(d, a, b);
  }
};

template <typename Element>
struct FlTensorProduct {
  using Stored = typename Element::Stored;
  static constexpr int blocks = 3;

  float sums[2][4][4];

  template <typename Left, typename Right>
  __device__ void multiply(const FlTile& tile, const Left& left, const Right& right) {
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
#pragma unroll
        for (int k = 0; k < 4; k++) {
          sums[i][j][k] = 0.0f;
        }
      }
    }
    fl_slices<Element>(tile, left, right, [&](const Stored* a, const Stored* b) {
      multiply_slice<Left::along_depth, Right::along_depth>(a, b);
    });
  }

  template <typename Take>
  __device__ void each(const FlTile& tile, const Take& take) const {
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
#pragma unroll
        for (int k = 0; k < 4; k++) {
          long long row = tile.row + row0() + 16 * i + fl_lane_group() + k / 2 * 8;
          long long column = tile.column + column0() + 8 * j + 2 * fl_lane_place() + k % 2;
          if (row < tile.rows && column < tile.columns) {
            take(row, column, sums[i][j][k]);
          }
        }
      }
    }
  }

 private:
  // Of the warp's part of the tile.
  __device__ static int row0() { return (int)threadIdx.x / 64 * 32; }
  __device__ static int column0() { return (int)threadIdx.x / 32 % 2 * 32; }

  template <bool left_along_depth, bool right_along_depth>
  __device__ void multiply_slice(const Stored* a, const Stored* b) {
#pragma unroll
    for (int depth = 0; depth < Element::depth; depth += Element::step) {
      unsigned left[2][4];
      unsigned right[2][2][2];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        Element::template left<left_along_depth>(left[i], a, row0() + 16 * i, depth);
        Element::template right<right_along_depth>(right[i], b, column0() + 16 * i, depth);
      }
#pragma unroll
      for (int i = 0; i < 2; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
          Element::multiply(sums[i][j], left[i], right[j / 2][j % 2]);
        }
      }
    }
  }
};

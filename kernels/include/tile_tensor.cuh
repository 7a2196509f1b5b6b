// C = A B for one 64 x 64 tile of C by tensor cores. Operands are fp32 in memory and rounded on the
// way; sums are fp32, each in ascending depth, step by step of the instruction.
//
// A block has 4 warps, each with 32 x 32 sums: 2 x 4 fragments of 16 x 8. Slices of both operands
// pass through a ring of stages in shared memory. A slice keeps the way its memory runs, so that
// four neighbours in memory stay neighbours:
//
//   bf16  slices of depth 32 in 2 stages, by way of registers, where they are rounded (and masked);
//         the next slice is under way while one is multiplied. Fragments come by ldmatrix, by
//         ldmatrix.trans where memory runs along the places.
//   tf32  slices of depth 16 in 4 stages, plain operands by cp.async, 16 bytes at a time where rows
//         are aligned and 4 bytes where they are not; others by way of registers. Fragments come by
//         plain loads (ldmatrix.trans moves halfwords only) and are rounded then.
//
// Rows of a slice are padded so that neither ldmatrix nor the loads of fragments have bank
// conflicts: 80 and 144 bytes a row for bf16; 80 and 288 for tf32.
#pragma once

#include "feedlight.cuh"
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

  __device__ static void put(Stored* to, const float4& v) {
    *reinterpret_cast<uint2*>(to) = make_uint2(fl_bf16_pair(v.x, v.y), fl_bf16_pair(v.z, v.w));
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
    const Stored* at = slice + FlSlice<FlBf16, along_depth>::at(place, depth_);
    if constexpr (along_depth) {
      fl_load_matrices(m, at);
    } else {
      fl_load_matrices_transposed(m, at);
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

  __device__ static void put(Stored* to, const float4& v) { *reinterpret_cast<float4*>(to) = v; }

  template <bool along_depth>
  __device__ static void left(unsigned (&a)[4], const Stored* slice, int place, int depth_) {
    using Slice = FlSlice<FlTf32, along_depth>;
    place += fl_lane_group();
    depth_ += fl_lane_place();
    a[0] = fl_tf32(slice[Slice::at(place, depth_)]);
    a[1] = fl_tf32(slice[Slice::at(place + 8, depth_)]);
    a[2] = fl_tf32(slice[Slice::at(place, depth_ + 4)]);
    a[3] = fl_tf32(slice[Slice::at(place + 8, depth_ + 4)]);
  }

  template <bool along_depth>
  __device__ static void right(unsigned (&b)[2][2], const Stored* slice, int place, int depth_) {
    using Slice = FlSlice<FlTf32, along_depth>;
    place += fl_lane_group();
    depth_ += fl_lane_place();
    b[0][0] = fl_tf32(slice[Slice::at(place, depth_)]);
    b[0][1] = fl_tf32(slice[Slice::at(place, depth_ + 4)]);
    b[1][0] = fl_tf32(slice[Slice::at(place + 8, depth_)]);
    b[1][1] = fl_tf32(slice[Slice::at(place + 8, depth_ + 4)]);
  }

  __device__ static void multiply(
      float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    fl_mma_tf32(d, a, b);
  }
};

// Brings slices of one operand into shared memory, four neighbours at a time; zero beyond its
// extents. fetch() begins, store() ends: between them a thread may do other work.
template <typename Element, typename Operand, int threads>
struct FlFeed {
  using Stored = typename Element::Stored;
  using Slice = FlSlice<Element, Operand::along_depth>;
  static constexpr bool copied = Element::copied && Operand::plain;
  static constexpr int fours = FL_TILE * Element::depth / 4 / threads;
  static constexpr int across = (Operand::along_depth ? Element::depth : FL_TILE) / 4;

  const Operand& operand;
  long long place0;
  long long places;
  long long depths;
  bool wide;
  typename Operand::Held held[fours];

  __device__ FlFeed(const Operand& operand_, long long place, long long places_, long long depths_)
      : operand(operand_),
        place0(place),
        places(places_),
        depths(depths_),
        wide(operand_.wide()) {}

  __device__ static int place(int four) {
    int index = (int)threadIdx.x + threads * four;
    return Operand::along_depth ? index / across : index % across * 4;
  }

  __device__ static int depth(int four) {
    int index = (int)threadIdx.x + threads * four;
    return Operand::along_depth ? index % across * 4 : index / across;
  }

  // How many of the four neighbours at (p, d) the operand has.
  __device__ int inside(long long p, long long d) const {
    long long left = Operand::along_depth ? depths - d : places - p;
    bool there = Operand::along_depth ? p < places : d < depths;
    return !there || left <= 0 ? 0 : left < 4 ? (int)left : 4;
  }

  __device__ void fetch(Stored* slice, long long depth0) {
#pragma unroll
    for (int i = 0; i < fours; i++) {
      long long p = place0 + place(i);
      long long d = depth0 + depth(i);
      int count = inside(p, d);
      if constexpr (copied) {
        copy(slice + Slice::at(place(i), depth(i)), p, d, count);
      } else {
        held[i] = operand.hold(p, d, count, wide);
      }
    }
  }

  __device__ void store(Stored* slice) const {
    if constexpr (!copied) {
#pragma unroll
      for (int i = 0; i < fours; i++) {
        Element::put(slice + Slice::at(place(i), depth(i)), operand.values(held[i]));
      }
    }
  }

 private:
  __device__ void copy(Stored* to, long long p, long long d, int count) const {
    // Where nothing is read the address must still be one.
    const float* from = count > 0 ? operand.address(p, d) : operand.data;
    if (wide) {
      fl_copy_16(to, from, 4 * count);
    } else {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        fl_copy_4(to + i, i < count ? from + i : from, i < count ? 4 : 0);
      }
    }
  }
};

template <typename Element>
struct FlTensorProduct {
  using Stored = typename Element::Stored;
  static constexpr int threads = 128;

  float sums[2][4][4];

  template <typename Left, typename Right>
  __device__ void multiply(const FlTile& tile, const Left& left, const Right& right) {
    constexpr int stages = Element::stages;
    using FeedLeft = FlFeed<Element, Left, threads>;
    using FeedRight = FlFeed<Element, Right, threads>;
    __shared__ __align__(16) Stored a[stages][FeedLeft::Slice::size];
    __shared__ __align__(16) Stored b[stages][FeedRight::Slice::size];
    FeedLeft feed_left(left, tile.row, tile.rows, tile.depths);
    FeedRight feed_right(right, tile.column, tile.columns, tile.depths);
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
    // Every slice is a group of copies, also one that is empty: so the youngest stages - 2 groups
    // are those of slices that need not be there yet.
    int slices = (int)((tile.depths + Element::depth - 1) / Element::depth);
#pragma unroll
    for (int slice = 0; slice < stages - 1; slice++) {
      if (slice < slices) {
        feed_left.fetch(a[slice], (long long)slice * Element::depth);
        feed_right.fetch(b[slice], (long long)slice * Element::depth);
        feed_left.store(a[slice]);
        feed_right.store(b[slice]);
      }
      commit();
    }
    for (int slice = 0; slice < slices; slice++) {
      if constexpr (Element::copied) {
        fl_copy_wait<stages - 2>();
      }
      // After this the slice is there, and the one before has been multiplied: its stage is free.
      __syncthreads();
      int next = slice + stages - 1;
      if (next < slices) {
        feed_left.fetch(a[next % stages], (long long)next * Element::depth);
        feed_right.fetch(b[next % stages], (long long)next * Element::depth);
      }
      commit();
      multiply_slice<Left::along_depth, Right::along_depth>(a[slice % stages], b[slice % stages]);
      if (next < slices) {
        feed_left.store(a[next % stages]);
        feed_right.store(b[next % stages]);
      }
    }
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

  __device__ static void commit() {
    if constexpr (Element::copied) {
      fl_copy_commit();
    }
  }

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

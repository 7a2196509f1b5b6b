// C = A B for one 64 x 64 tile of C. How a tile is made is a type: FlFloatProduct below, or
// FlTensorProduct of tile_tensor.cuh. A product has
//
//   threads                       of a block, all along x
//   multiply(tile, left, right)   A B for the tile; once per launch, by all threads
//   each(tile, take)              take(row, column, sum) for the thread's sums that C has
//
// and each of its sums runs through the depth in one fixed order.
#pragma once

#include "feedlight.cuh"

#define FL_TILE 64

// A tile of C, and the extents of the product: rows x columns of C, summed over depths.
struct FlTile {
  long long row;
  long long column;
  long long rows;
  long long columns;
  long long depths;
};

// The tile of a block in a grid of (ceil(columns / 64), ceil(rows / 64)).
__device__ inline FlTile fl_tile(long long rows, long long columns, long long depths) {
  return FlTile{
      (long long)blockIdx.y * FL_TILE, (long long)blockIdx.x * FL_TILE, rows, columns, depths};
}

// `inside` numbers from an address, at most 4, and zeros; `wide` if one load may take all four.
__device__ inline float4 fl_four(const float* at, int inside, bool wide) {
  if (wide && inside == 4) {
    return *reinterpret_cast<const float4*>(at);
  }
  return make_float4(
      inside > 0 ? at[0] : 0.0f,
      inside > 1 ? at[1] : 0.0f,
      inside > 2 ? at[2] : 0.0f,
      inside > 3 ? at[3] : 0.0f);
}

// Whether every fourth number of every row may be loaded with its three neighbours at once.
__device__ inline bool fl_wide(const float* data, long long stride) {
  return (reinterpret_cast<unsigned long long>(data) % 16 == 0) && stride % 4 == 0;
}

// Operands. Along one extent, rows or columns of C, they have places; along the other, depths.
// Memory runs along one of the two. at() gives one element; hold() takes four neighbours in memory
// from it, values() gives them as the product wants them. A plain operand is memory as it is.

// A matrix: its rows are the places and its columns the depth if memory runs along the depth,
// otherwise the other way round.
template <bool along>
struct FlMatrix {
  static constexpr bool along_depth = along;
  static constexpr bool plain = true;
  using Held = float4;
  const float* data;
  long long stride;
  __device__ const float* address(long long place, long long depth) const {
    return data + (along ? place * stride + depth : depth * stride + place);
  }
  __device__ float at(long long place, long long depth) const { return *address(place, depth); }
  __device__ bool wide() const { return fl_wide(data, stride); }
  __device__ Held hold(long long place, long long depth, int inside, bool wide) const {
    return fl_four(address(place, depth), inside, wide);
  }
  __device__ float4 values(const Held& held) const { return held; }
};

using FlRows = FlMatrix<true>;
using FlColumns = FlMatrix<false>;

// fp32: 16 x 16 threads, each with 4 x 4 sums in registers; A and B pass through shared memory in
// slices of depth 16. Each sum runs in ascending depth.
struct FlFloatProduct {
  static constexpr int threads = 256;
  static constexpr int depth = 16;
  static constexpr int side = 16;
  static constexpr int own = FL_TILE / side;

  float sums[own][own];

  // Thread (x, y) of the 16 x 16 keeps rows y + 16 i and columns x + 16 j of the tile, so that
  // threads of a half warp read and write neighbours.
  __device__ static int x() { return (int)threadIdx.x % side; }
  __device__ static int y() { return (int)threadIdx.x / side; }

  template <typename Left, typename Right>
  __device__ void multiply(const FlTile& tile, const Left& left, const Right& right) {
    __shared__ float a[depth][FL_TILE + 1];
    __shared__ float b[depth][FL_TILE + 1];
#pragma unroll
    for (int i = 0; i < own; i++) {
#pragma unroll
      for (int j = 0; j < own; j++) {
        sums[i][j] = 0.0f;
      }
    }
    for (long long depth0 = 0; depth0 < tile.depths; depth0 += depth) {
      load(a, left, tile.row, tile.rows, depth0, tile.depths);
      load(b, right, tile.column, tile.columns, depth0, tile.depths);
      __syncthreads();
      for (int k = 0; k < depth; k++) {
        float row[own];
        float column[own];
#pragma unroll
        for (int i = 0; i < own; i++) {
          row[i] = a[k][y() + side * i];
          column[i] = b[k][x() + side * i];
        }
#pragma unroll
        for (int i = 0; i < own; i++) {
#pragma unroll
          for (int j = 0; j < own; j++) {
            sums[i][j] += row[i] * column[j];
          }
        }
      }
      __syncthreads();
    }
  }

  template <typename Take>
  __device__ void each(const FlTile& tile, const Take& take) const {
#pragma unroll
    for (int i = 0; i < own; i++) {
      long long row = tile.row + y() + side * i;
#pragma unroll
      for (int j = 0; j < own; j++) {
        long long column = tile.column + x() + side * j;
        if (row < tile.rows && column < tile.columns) {
          take(row, column, sums[i][j]);
        }
      }
    }
  }

 private:
  // A slice of an operand, zero beyond its extents.
  template <typename Operand>
  __device__ static void load(
      float (&slice)[depth][FL_TILE + 1],
      const Operand& operand,
      long long place0,
      long long places,
      long long depth0,
      long long depths) {
    for (int part = 0; part < depth * FL_TILE / threads; part++) {
      int index = (int)threadIdx.x + threads * part;
      int place = Operand::along_depth ? index / depth : index % FL_TILE;
      int k = Operand::along_depth ? index % depth : index / FL_TILE;
      bool inside = place0 + place < places && depth0 + k < depths;
      slice[k][place] = inside ? operand.at(place0 + place, depth0 + k) : 0.0f;
    }
  }
};

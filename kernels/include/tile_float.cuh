// C = A B for one 64 x 64 tile of C in fp32. Each of the 128 threads keeps 8 x 4 sums in registers;
// slices of depth 16 lie depth by depth in two stages of shared memory, from which a thread takes
// 12 numbers, by four loads, for 32 multiplications. Each sum runs in ascending depth.
#pragma once

#include "feedlight.cuh"
#include "tile.cuh"

struct FlFloat {
  using Stored = float;
  static constexpr int depth = 16;
  static constexpr int stages = 2;
  static constexpr bool copied = false;
  static constexpr int row = FL_TILE + 4;

  template <bool along_depth>
  struct Slice {
    static constexpr int size = depth * row;
  };

  template <bool along_depth>
  __device__ static void put(float* slice, int place, int depth_, const float4& v) {
    float* at = slice + depth_ * row + place;
    if constexpr (along_depth) {
      at[0] = v.x;
      at[row] = v.y;
      at[2 * row] = v.z;
      at[3 * row] = v.w;
    } else {
      *reinterpret_cast<float4*>(at) = v;
    }
  }

  // Neighbouring places at one depth.
  __device__ static void four(float* v, const float* slice, int place, int depth_) {
    float4 held = *reinterpret_cast<const float4*>(slice + depth_ * row + place);
    v[0] = held.x;
    v[1] = held.y;
    v[2] = held.z;
    v[3] = held.w;
  }

  __device__ static void two(float* v, const float* slice, int place, int depth_) {
    float2 held = *reinterpret_cast<const float2*>(slice + depth_ * row + place);
    v[0] = held.x;
    v[1] = held.y;
  }
};

struct FlFloatProduct {
  static constexpr int blocks = 3;

  float sums[8][4];

  // A thread has four neighbouring rows of either half of the tile, and two neighbouring columns, so
  // that its half warp reads and writes 32 of a row.
  __device__ static int row(int i) {
    return i / 4 * (FL_TILE / 2) + (int)threadIdx.x / 16 * 4 + i % 4;
  }
  __device__ static int column(int j) {
    return j / 2 * (FL_TILE / 2) + (int)threadIdx.x % 16 * 2 + j % 2;
  }

  template <typename Left, typename Right>
  __device__ void multiply(const FlTile& tile, const Left& left, const Right& right) {
#pragma unroll
    for (int i = 0; i < 8; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        sums[i][j] = 0.0f;
      }
    }
    fl_slices<FlFloat>(tile, left, right, [&](const float* a, const float* b) {
#pragma unroll
      for (int k = 0; k < FlFloat::depth; k++) {
        float rows[8];
        float columns[4];
        FlFloat::four(rows, a, row(0), k);
        FlFloat::four(rows + 4, a, row(4), k);
        FlFloat::two(columns, b, column(0), k);
        FlFloat::two(columns + 2, b, column(2), k);
#pragma unroll
        for (int i = 0; i < 8; i++) {
#pragma unroll
          for (int j = 0; j < 4; j++) {
            sums[i][j] += rows[i] * columns[j];
          }
        }
      }
    });
  }

  template <typename Take>
  __device__ void each(const FlTile& tile, const Take& take) const {
#pragma unroll
    for (int i = 0; i < 8; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        long long r = tile.row + row(i);
        long long c = tile.column + column(j);
        if (r < tile.rows && c < tile.columns) {
          take(r, c, sums[i][j]);
        }
      }
    }
  }
};

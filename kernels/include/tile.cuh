// C = A B for one 64 x 64 tile of C: 16 x 16 threads, each with 4 x 4 sums in registers; A and B
// pass through shared memory in slices of depth 16. Each sum runs in ascending depth, in fp32.
#pragma once

#include "feedlight.cuh"

#define FL_TILE 64
#define FL_TILE_DEPTH 16
#define FL_TILE_THREADS 16
#define FL_TILE_SUMS 4

// Where thread (x, y) keeps sum (i, j): row y + 16 i and column x + 16 j of the tile, so that
// threads of a half warp read and write neighbours.
__device__ inline long long fl_tile_row(int i) {
  return (long long)blockIdx.y * FL_TILE + threadIdx.y + FL_TILE_THREADS * i;
}

__device__ inline long long fl_tile_column(int j) {
  return (long long)blockIdx.x * FL_TILE + threadIdx.x + FL_TILE_THREADS * j;
}

// A slice of an operand, zero beyond its extents. Operand::along_depth says which way its memory
// runs; operand.at(place, depth) gives an element.
template <typename Operand>
__device__ inline void fl_tile_load(
    float (&slice)[FL_TILE_DEPTH][FL_TILE + 1],
    const Operand& operand,
    long long place0,
    long long places,
    long long depth0,
    long long depths) {
  int thread = (int)(threadIdx.x + FL_TILE_THREADS * threadIdx.y);
  for (int part = 0; part < FL_TILE_SUMS; part++) {
    int index = thread + FL_TILE_THREADS * FL_TILE_THREADS * part;
    int place = Operand::along_depth ? index / FL_TILE_DEPTH : index % FL_TILE;
    int depth = Operand::along_depth ? index % FL_TILE_DEPTH : index / FL_TILE;
    bool inside = place0 + place < places && depth0 + depth < depths;
    slice[depth][place] = inside ? operand.at(place0 + place, depth0 + depth) : 0.0f;
  }
}

template <typename Left, typename Right>
__device__ inline void fl_tile_product(
    float (&sums)[FL_TILE_SUMS][FL_TILE_SUMS],
    const Left& left,
    const Right& right,
    long long rows,
    long long columns,
    long long depths) {
  __shared__ float a[FL_TILE_DEPTH][FL_TILE + 1];
  __shared__ float b[FL_TILE_DEPTH][FL_TILE + 1];
#pragma unroll
  for (int i = 0; i < FL_TILE_SUMS; i++) {
#pragma unroll
    for (int j = 0; j < FL_TILE_SUMS; j++) {
      sums[i][j] = 0.0f;
    }
  }
  for (long long depth0 = 0; depth0 < depths; depth0 += FL_TILE_DEPTH) {
    fl_tile_load(a, left, (long long)blockIdx.y * FL_TILE, rows, depth0, depths);
    fl_tile_load(b, right, (long long)blockIdx.x * FL_TILE, columns, depth0, depths);
    __syncthreads();
    for (int depth = 0; depth < FL_TILE_DEPTH; depth++) {
      float row[FL_TILE_SUMS];
      float column[FL_TILE_SUMS];
#pragma unroll
      for (int i = 0; i < FL_TILE_SUMS; i++) {
        row[i] = a[depth][threadIdx.y + FL_TILE_THREADS * i];
        column[i] = b[depth][threadIdx.x + FL_TILE_THREADS * i];
      }
#pragma unroll
      for (int i = 0; i < FL_TILE_SUMS; i++) {
#pragma unroll
        for (int j = 0; j < FL_TILE_SUMS; j++) {
          sums[i][j] += row[i] * column[j];
        }
      }
    }
    __syncthreads();
  }
}

// take(row, column, sum) for each of the thread's sums that lies within rows x columns.
template <typename Take>
__device__ inline void fl_tile_each(
    const float (&sums)[FL_TILE_SUMS][FL_TILE_SUMS],
    long long rows,
    long long columns,
    const Take& take) {
#pragma unroll
  for (int i = 0; i < FL_TILE_SUMS; i++) {
    long long row = fl_tile_row(i);
#pragma unroll
    for (int j = 0; j < FL_TILE_SUMS; j++) {
      long long column = fl_tile_column(j);
      if (row < rows && column < columns) {
        take(row, column, sums[i][j]);
      }
    }
  }
}

// Operands. A matrix whose rows are the places, whose columns are the depth.
struct FlRows {
  static constexpr bool along_depth = true;
  const float* data;
  long long stride;
  __device__ float at(long long place, long long depth) const {
    return data[place * stride + depth];
  }
};

// A matrix whose columns are the places, whose rows are the depth.
struct FlColumns {
  static constexpr bool along_depth = false;
  const float* data;
  long long stride;
  __device__ float at(long long place, long long depth) const {
    return data[depth * stride + place];
  }
};

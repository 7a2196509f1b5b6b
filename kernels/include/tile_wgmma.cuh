// C = A B for one tile of C by wgmma, 128 rows and 64, 96 or 128 columns: operands are bf16 in memory, sums fp32, each in
// ascending depth, instruction by instruction.
//
// A block has two warpgroups that multiply, each 64 rows of the tile, and a warp of which one thread copies:
// slices of depth 64 of both operands pass through a ring of three stages by bulk copies. A stage has
// two barriers: `full` counts the bytes of its slice, `empty` the eight warps that are done with it.
// Two blocks share a multiprocessor, so that one computes while the other is at its beginning or its
// end; with three stages each, 192 KB of copies are under way there.
//
// Shared memory runs as global memory does, along the depth or along the places; wgmma takes both. A
// slice lies in rows of 128 bytes, swizzled: 128 places of 64 depths, or twice 64 depths of 64 places.
#pragma once

#include "feedlight.cuh"
#include "mbarrier.cuh"
#include "mma.cuh"
#include "tile.cuh"
#include "tma.cuh"
#include "wgmma.cuh"

#define FL_WGMMA_TILE 128
#define FL_WGMMA_DEPTH 64
#define FL_WGMMA_STAGES 3
#define FL_WGMMA_CONSUMERS 256
#define FL_WGMMA_THREADS (FL_WGMMA_CONSUMERS + 32)
#define FL_WGMMA_BLOCKS 2

// Bytes of a slice of one operand; of half of its places.
#define FL_WGMMA_SLICE (FL_WGMMA_TILE * FL_WGMMA_DEPTH * 2)
#define FL_WGMMA_HALF (FL_WGMMA_SLICE / 2)

// The dynamic shared memory of a block; dev.feedlight.device.cuda.WgmmaTiles asks for as much.
#define FL_WGMMA_SHARED_OF(stages) (1024 + (stages) * 2 * FL_WGMMA_SLICE + ((stages) * 2 + 1) * 8)
#define FL_WGMMA_SHARED FL_WGMMA_SHARED_OF(FL_WGMMA_STAGES)

// Floats of a row of sums in shared memory: threads that write pairs of eight rows, and threads that
// read four of one row, have no bank conflicts.
#define FL_WGMMA_SUMS_ROW(width) ((width) + 8)

#define FL_WGMMA_BOUNDS __launch_bounds__(FL_WGMMA_THREADS, FL_WGMMA_BLOCKS)

// Of a thread, for a tile of so many columns.
template <int width>
using FlSums = float[width / 2];

// Which tile, and over how many depths.
struct FlWgmmaTile {
  int row;
  int column;
  int depths;
};

// Stages of shared memory with their barriers; of two slices each.
template <int count>
struct FlWgmmaRing {
  unsigned char* stages;
  FlBarrier* full;
  FlBarrier* empty;
  FlBarrier* done;

  // By all threads of the block.
  __device__ explicit FlWgmmaRing(unsigned char* shared) {
    stages = fl_shared_aligned(shared, 1024);
    full = reinterpret_cast<FlBarrier*>(stages + count * 2 * FL_WGMMA_SLICE);
    empty = full + count;
    done = empty + count;
    if (threadIdx.x == 0) {
#pragma unroll
      for (int stage = 0; stage < count; stage++) {
        fl_barrier_make(&full[stage], 1);
        fl_barrier_make(&empty[stage], FL_WGMMA_CONSUMERS / 32);
      }
      fl_barrier_make(done, FL_WGMMA_CONSUMERS);
      fl_barriers_made();
    }
    __syncthreads();
  }

  __device__ unsigned char* left(int stage) const { return stages + stage * 2 * FL_WGMMA_SLICE; }
  __device__ unsigned char* right(int stage) const { return left(stage) + FL_WGMMA_SLICE; }

  // By all threads that multiply: until nobody reads a stage any more, and write(stages) of all has
  // put something else in their place.
  template <typename Write>
  __device__ void reuse(const Write& write) const {
    fl_barrier_arrive(done);
    fl_barrier_wait(done, 0);
    write(stages);
    fl_barrier_arrive(done);
    fl_barrier_wait(done, 1);
  }
};

typedef FlWgmmaRing<FL_WGMMA_STAGES> FlTileRing;

// A place in the ring: its stage, and the parity of how often the ring went round.
template <int count>
struct FlWgmmaPlace {
  int stage = 0;
  int round = 0;

  __device__ void next() {
    if (++stage == count) {
      stage = 0;
      round ^= 1;
    }
  }
};

// One slice of an operand with so many places, whose map has boxes of all places x 64 depths, or 64
// depths x 64 places, so many that they cover it.
template <bool along_depth, int places>
struct FlWgmmaSlice {
  static constexpr int boxes = along_depth ? 1 : (places + 63) / 64;
  static constexpr int bytes = along_depth ? places * FL_WGMMA_DEPTH * 2 : boxes * FL_WGMMA_HALF;

  __device__ static void fetch(
      unsigned char* to, const FlTensorMap* map, int place, int depth, FlBarrier* full) {
#pragma unroll
    for (int box = 0; box < boxes; box++) {
      int first = place + box * 64;
      fl_tma_load(
          to + box * FL_WGMMA_HALF,
          map,
          along_depth ? depth : first,
          along_depth ? first : depth,
          full);
    }
  }
};

// By one thread.
template <bool left_along_depth, bool right_along_depth, int width>
__device__ inline void fl_wgmma_produce(
    const FlTileRing& ring,
    const FlWgmmaTile& tile,
    const FlTensorMap* left,
    const FlTensorMap* right) {
  fl_tma_prefetch(left);
  fl_tma_prefetch(right);
  using Left = FlWgmmaSlice<left_along_depth, FL_WGMMA_TILE>;
  using Right = FlWgmmaSlice<right_along_depth, width>;
  FlWgmmaPlace<FL_WGMMA_STAGES> place;
  for (int depth = 0; depth < tile.depths; depth += FL_WGMMA_DEPTH) {
    FlBarrier* full = &ring.full[place.stage];
    fl_barrier_wait(&ring.empty[place.stage], place.round ^ 1);
    fl_barrier_expect(full, Left::bytes + Right::bytes);
    Left::fetch(ring.left(place.stage), left, tile.row, depth, full);
    Right::fetch(ring.right(place.stage), right, tile.column, depth, full);
    place.next();
  }
}

// The matrix of one instruction: all places that it has, so many steps of depth 16 from the start.
template <bool along_depth>
__device__ inline unsigned long long fl_wgmma_step(const unsigned char* start, int step) {
  return fl_wgmma_matrix(start + step * (along_depth ? 32 : 16 * 128), FL_WGMMA_HALF, 1024);
}

// By all threads of both warpgroups: the thread's sums.
template <bool left_along_depth, bool right_along_depth, int width>
__device__ inline void fl_wgmma_consume(
    FlSums<width>& sums, const FlTileRing& ring, const FlWgmmaTile& tile) {
  int own_half = (int)threadIdx.x / 128 * FL_WGMMA_HALF;
  FlWgmmaPlace<FL_WGMMA_STAGES> place;
  int before = 0;  // stage of the slice before
  for (int depth = 0; depth < tile.depths; depth += FL_WGMMA_DEPTH) {
    fl_barrier_wait(&ring.full[place.stage], place.round);
    const unsigned char* left = ring.left(place.stage) + own_half;
    const unsigned char* right = ring.right(place.stage);
    fl_wgmma_fence();
#pragma unroll
    for (int step = 0; step < FL_WGMMA_DEPTH / 16; step++) {
      fl_wgmma_bf16<left_along_depth, right_along_depth>(
          sums,
          fl_wgmma_step<left_along_depth>(left, step),
          fl_wgmma_step<right_along_depth>(right, step),
          depth + step);
    }
    fl_wgmma_commit();
    // The slice before has been multiplied: its stage is free.
    fl_wgmma_wait<1>();
    if (depth > 0 && threadIdx.x % 32 == 0) {
      fl_barrier_arrive(&ring.empty[before]);
    }
    before = place.stage;
    place.next();
  }
  fl_wgmma_finish(sums);
}

// Rows of all sums of the tile, in place of the stages: each thread that multiplies then sees those of
// all.
template <int count>
__device__ inline const float* fl_wgmma_keep(const FlTileRing& ring, const float (&sums)[count]) {
  constexpr int row = FL_WGMMA_SUMS_ROW(2 * count);
  static_assert(FL_WGMMA_TILE * row * 4 <= FL_WGMMA_STAGES * 2 * FL_WGMMA_SLICE, "room");
  ring.reuse([&](unsigned char* room) {
    int thread = (int)threadIdx.x;
    float* own = reinterpret_cast<float*>(room) + (thread / 32 * 16 + thread % 32 / 4) * row
                 + thread % 4 * 2;
#pragma unroll
    for (int i = 0; i < count / 2; i++) {
      *reinterpret_cast<float2*>(own + i % 2 * 8 * row + i / 2 * 8) =
          make_float2(sums[2 * i], sums[2 * i + 1]);
    }
  });
  return reinterpret_cast<const float*>(ring.stages);
}

// What of a tile a thread takes from kept sums: four neighbouring columns of every eighth row, its
// warp's.
template <int width>
struct FlWgmmaFours {
  int column;  // in the tile
  int inside;  // how many of the four C has, at most 0 where it has none
  int first;   // row in the tile
  int rows;    // of the tile that C has

  static constexpr int step = FL_WGMMA_CONSUMERS / 32;

  __device__ FlWgmmaFours(const FlWgmmaTile& tile, long long rows_of_c, long long columns_of_c) {
    column = (int)threadIdx.x % 32 * 4;
    long long left = columns_of_c - tile.column - column;
    inside = column >= width ? 0 : left < 4 ? (int)left : 4;
    first = (int)threadIdx.x / 32;
    left = rows_of_c - tile.row;
    rows = left < FL_WGMMA_TILE ? (int)left : FL_WGMMA_TILE;
  }

  __device__ float4 of(const float* kept, int row) const {
    return *reinterpret_cast<const float4*>(kept + row * FL_WGMMA_SUMS_ROW(width) + column);
  }
};

// take(row, column, sums, inside) for four neighbouring sums of a row at a time, of which C has
// `inside`.
template <int count, typename Take>
__device__ inline void fl_wgmma_each_four(
    const FlTileRing& ring,
    const float (&sums)[count],
    const FlWgmmaTile& tile,
    long long rows,
    long long columns,
    const Take& take) {
  const float* kept = fl_wgmma_keep(ring, sums);
  FlWgmmaFours<2 * count> fours(tile, rows, columns);
  if (fours.inside > 0) {
#pragma unroll 2
    for (int row = fours.first; row < fours.rows; row += fours.step) {
      long long column = tile.column + fours.column;
      take((long long)tile.row + row, column, fours.of(kept, row), fours.inside);
    }
  }
}

// What fl_put_four of fours.cuh does, in bf16; four begin at a multiple of 8 bytes.
__device__ inline void fl_put_four(unsigned short* at, const float4& v, int inside) {
  unsigned low = fl_bf16_pair(v.x, v.y);
  unsigned high = fl_bf16_pair(v.z, v.w);
  if (inside == 4) {
    *reinterpret_cast<uint2*>(at) = make_uint2(low, high);
    return;
  }
  at[0] = (unsigned short)low;
  if (inside > 1) {
    at[1] = (unsigned short)(low >> 16);
  }
  if (inside > 2) {
    at[2] = (unsigned short)high;
  }
}

// A tile in one go: copies by one warp, multiplies by the others, whose threads then give their sums
// to finish(ring, sums).
template <bool left_along_depth, bool right_along_depth, int width, typename Finish>
__device__ inline void fl_wgmma_tile(
    unsigned char* shared,
    const FlWgmmaTile& tile,
    const FlTensorMap* left,
    const FlTensorMap* right,
    const Finish& finish) {
  FlTileRing ring(shared);
  if (threadIdx.x < FL_WGMMA_CONSUMERS) {
    FlSums<width> sums;
    fl_wgmma_consume<left_along_depth, right_along_depth, width>(sums, ring, tile);
    finish(ring, sums);
  } else if (threadIdx.x == FL_WGMMA_CONSUMERS) {
    fl_wgmma_produce<left_along_depth, right_along_depth, width>(ring, tile, left, right);
  }
}

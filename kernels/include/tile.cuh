// C = A B for one 64 x 64 tile of C. How a tile is made is a type: FlFloatProduct of tile_float.cuh
// or FlTensorProduct of tile_tensor.cuh. A product has
//
//   blocks                        that a multiprocessor shall hold at least, for __launch_bounds__
//   multiply(tile, left, right)   A B for the tile; once per launch, by all threads
//   each(tile, take)              take(row, column, sum) for the thread's sums that C has
//
// and each of its sums runs through the depth in one fixed order.
#pragma once

#include "feedlight.cuh"
#include "fours.cuh"

#define FL_TILE 64
#define FL_TILE_THREADS 128

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

// Operands. Along one extent, rows or columns of C, they have places; along the other, depths.
// Memory runs along one of the two. hold() takes four neighbours in memory, values() gives them as
// the product wants them. A plain operand is memory as it is.

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
  __device__ bool wide() const { return fl_wide(data, stride); }
  __device__ Held hold(long long place, long long depth, int inside, bool wide) const {
    return fl_four(address(place, depth), inside, wide);
  }
  __device__ float4 values(const Held& held) const { return held; }
};

using FlRows = FlMatrix<true>;
using FlColumns = FlMatrix<false>;

// Operands pass through shared memory in slices of a few depths. How they lie there is a type
// Element with
//
//   Stored, depth, stages      of a slice: its type and depth, and how many there are at once
//   Slice<along_depth>::size   how many elements
//   put<along_depth>(slice, place, depth, values)    four neighbours in memory, to their place
//   copied                     whether plain operands go by copies in the background; then also
//                              copy<along_depth>, commit and wait

// Brings slices of one operand into shared memory, four neighbours at a time; zero beyond its
// extents. fetch() begins, store() ends: between them a thread may do other work.
template <typename Element, typename Operand>
struct FlFeed {
  using Stored = typename Element::Stored;
  static constexpr bool along_depth = Operand::along_depth;
  static constexpr bool copied = Element::copied && Operand::plain;
  static constexpr int fours = FL_TILE * Element::depth / 4 / FL_TILE_THREADS;
  static constexpr int across = (along_depth ? Element::depth : FL_TILE) / 4;

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
    int index = (int)threadIdx.x + FL_TILE_THREADS * four;
    return along_depth ? index / across : index % across * 4;
  }

  __device__ static int depth(int four) {
    int index = (int)threadIdx.x + FL_TILE_THREADS * four;
    return along_depth ? index % across * 4 : index / across;
  }

  // How many of the four neighbours at (p, d) the operand has.
  __device__ int inside(long long p, long long d) const {
    long long left = along_depth ? depths - d : places - p;
    bool there = along_depth ? p < places : d < depths;
    return !there || left <= 0 ? 0 : left < 4 ? (int)left : 4;
  }

  __device__ void fetch(Stored* slice, long long depth0) {
#pragma unroll
    for (int i = 0; i < fours; i++) {
      long long p = place0 + place(i);
      long long d = depth0 + depth(i);
      int count = inside(p, d);
      if constexpr (copied) {
        // Where nothing is read the address must still be one.
        const float* from = count > 0 ? operand.address(p, d) : operand.data;
        Element::template copy<along_depth>(slice, place(i), depth(i), from, count, wide);
      } else {
        held[i] = operand.hold(p, d, count, wide);
      }
    }
  }

  __device__ void store(Stored* slice) const {
    if constexpr (!copied) {
#pragma unroll
      for (int i = 0; i < fours; i++) {
        Element::template put<along_depth>(slice, place(i), depth(i), operand.values(held[i]));
      }
    }
  }
};

// take(a, b) for each pair of slices in ascending depth, by all threads; the next ones are on their
// way meanwhile.
template <typename Element, typename Left, typename Right, typename Take>
__device__ inline void fl_slices(
    const FlTile& tile, const Left& left, const Right& right, const Take& take) {
  using Stored = typename Element::Stored;
  constexpr int stages = Element::stages;
  __shared__ __align__(16)
      Stored a[stages][Element::template Slice<Left::along_depth>::size];
  __shared__ __align__(16)
      Stored b[stages][Element::template Slice<Right::along_depth>::size];
  FlFeed<Element, Left> feed_a(left, tile.row, tile.rows, tile.depths);
  FlFeed<Element, Right> feed_b(right, tile.column, tile.columns, tile.depths);
  int slices = (int)((tile.depths + Element::depth - 1) / Element::depth);
  // Every slice is a group of copies, also one that is empty: so the youngest stages - 2 groups are
  // those of slices that need not be there yet.
#pragma unroll
  for (int slice = 0; slice < stages - 1; slice++) {
    if (slice < slices) {
      feed_a.fetch(a[slice], (long long)slice * Element::depth);
      feed_b.fetch(b[slice], (long long)slice * Element::depth);
      feed_a.store(a[slice]);
      feed_b.store(b[slice]);
    }
    if constexpr (Element::copied) {
      Element::commit();
    }
  }
  for (int slice = 0; slice < slices; slice++) {
    if constexpr (Element::copied) {
      Element::template wait<stages - 2>();
    }
    // After this the slice is there, and the one before has been taken: its stage is free.
    __syncthreads();
    int next = slice + stages - 1;
    if (next < slices) {
      feed_a.fetch(a[next % stages], (long long)next * Element::depth);
      feed_b.fetch(b[next % stages], (long long)next * Element::depth);
    }
    if constexpr (Element::copied) {
      Element::commit();
    }
    take(a[slice % stages], b[slice % stages]);
    if (next < slices) {
      feed_a.store(a[next % stages]);
      feed_b.store(b[next % stages]);
    }
  }
}

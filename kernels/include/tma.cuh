// Copies of boxes of a matrix from global to shared memory by the copy engine of sm_90
// (cp.async.bulk.tensor). One thread begins a copy; it completes on an mbarrier, to which it counts
// its bytes: always those of a whole box, with zeros where the box leaves the matrix. What a box is,
// and how it is swizzled, is in a tensor map, which the driver makes (cuTensorMapEncodeTiled); on a
// GPU nothing else may be known of it.
//
// The twin for the CPU copies as late as a GPU may, when no thread of the block can go on; the target
// is NaN from the beginning of the copy. So a missing wait shows, and so does a copy into a stage
// that is still in use.
#pragma once

#include "feedlight.cuh"
#include "mbarrier.cuh"
#include "shared_address.cuh"

struct alignas(64) FlTensorMap {
  unsigned char bytes[128];
};

#if defined(__CUDACC__)

// Brings the map near; by one thread, early.
__device__ inline void fl_tma_prefetch(const FlTensorMap* map) {
  asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
}

// Before the first use of a map in global memory by a block, which the host has copied there before
// the launch: hence the scope of the system ("Using TMA to transfer multi-dimensional arrays" in the CUDA
// programming guide).
__device__ inline void fl_tma_acquire(const FlTensorMap* map) {
  asm volatile("fence.proxy.tensormap::generic.acquire.sys [%0], 128;" ::"l"(map) : "memory");
}

// Begins the copy of the box at (row, column) to an address that is aligned to 128 bytes, and where
// the map swizzles 128 bytes to 1024 for the pattern to begin there.
__device__ inline void fl_tma_load(
    void* to, const FlTensorMap* map, int column, int row, FlBarrier* barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes "
      "[%0], [%1, {%3, %4}], [%2];" ::"r"(fl_shared_address(to)),
      "l"(map), "r"(fl_shared_address(barrier)), "r"(column), "r"(row)
      : "memory");
}

#else

#include "../host/tensor_map.h"

inline void fl_tma_prefetch(const FlTensorMap*) {}

inline void fl_tma_acquire(const FlTensorMap*) {}

inline void fl_tma_load(
    void* to, const FlTensorMap* opaque, int column, int row, FlBarrier* barrier) {
  using namespace feedlight::host;
  require_aligned(opaque, 64);
  TensorMap map;
  memcpy(&map, opaque, sizeof map);
  if (map.mark != TensorMap::made) {
    fault("a bulk copy has no tensor map");
  }
  require_aligned(to, 128);
  require_shared(to, map.box_bytes());
  if (barrier_state(barrier).shown == 0) {
    fault("an mbarrier was not shown to bulk copies after it was made");
  }
  memset(to, 0xFF, map.box_bytes());
  unsigned address = shared_address(to);
  when_idle([=] {
    map.copy(static_cast<unsigned char*>(to), address, column, row);
    return count_copied(barrier, (int)map.box_bytes());
  });
}

#endif

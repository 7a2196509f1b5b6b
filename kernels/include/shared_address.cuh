// Addresses in shared memory as the instructions of sm_90 take them: 18 bits. The twin for the CPU
// has them for dynamic shared memory only, which it starts where a GPU may let it start.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDACC__)

__device__ inline unsigned fl_shared_address(const void* at) {
  return (unsigned)__cvta_generic_to_shared(at);
}

#else

inline unsigned fl_shared_address(const void* at) { return feedlight::host::shared_address(at); }

#endif

// The first address from one on that is a multiple of `bytes`, a power of two.
__device__ inline unsigned char* fl_shared_aligned(unsigned char* at, unsigned bytes) {
  return at + ((bytes - fl_shared_address(at) % bytes) % bytes);
}

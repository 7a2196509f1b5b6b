// Copies from global to shared memory that run while their thread goes on (cp.async of sm_80). A
// thread starts copies, commits what it has started as a group, and waits until no more than so
// many of its groups are under way; after a barrier other threads see what arrived. GPUs before
// sm_80 copy at once. The twin for the CPU (host/copies.h) copies as late as a GPU may, in the wait:
// a missing wait is seen there.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDACC__)

// So many bytes, and zeros up to size; a multiple of four, as are both addresses.
__device__ inline void fl_copy_filled(void* to, const void* from, int size, int bytes) {
  for (int word = 0; word < size / 4; word++) {
    unsigned value = 0;
    if (bytes >= 4 * word + 4) {
      value = static_cast<const unsigned*>(from)[word];
    } else {
      for (int i = 4 * word; i < bytes; i++) {
        value |= (unsigned)static_cast<const unsigned char*>(from)[i] << (8 * (i % 4));
      }
    }
    static_cast<unsigned*>(to)[word] = value;
  }
}

// The first bytes of 16, zeros in place of the others; both addresses aligned to 16.
__device__ inline void fl_cp_async_16(void* to, const void* from, int bytes) {
#if __CUDA_ARCH__ >= 800
  unsigned shared = (unsigned)__cvta_generic_to_shared(to);
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared), "l"(__cvta_generic_to_global(from)), "r"(bytes)
               : "memory");
#else
  fl_copy_filled(to, from, 16, bytes);
#endif
}

// The same for 4 bytes, aligned to 4.
__device__ inline void fl_cp_async_4(void* to, const void* from, int bytes) {
#if __CUDA_ARCH__ >= 800
  unsigned shared = (unsigned)__cvta_generic_to_shared(to);
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(shared), "l"(__cvta_generic_to_global(from)), "r"(bytes)
               : "memory");
#else
  fl_copy_filled(to, from, 4, bytes);
#endif
}

__device__ inline void fl_cp_async_commit() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

template <int GROUPS>
__device__ inline void fl_cp_async_wait() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(GROUPS) : "memory");
#endif
}

#else

inline void fl_cp_async_16(void* to, const void* from, int bytes) {
  feedlight::host::require_aligned(to, 16);
  feedlight::host::require_aligned(from, 16);
  feedlight::host::running->copies.begin(to, from, bytes, 16);
}

inline void fl_cp_async_4(void* to, const void* from, int bytes) {
  feedlight::host::require_aligned(to, 4);
  feedlight::host::require_aligned(from, 4);
  feedlight::host::running->copies.begin(to, from, bytes, 4);
}

inline void fl_cp_async_commit() { feedlight::host::running->copies.commit(); }

template <int GROUPS>
inline void fl_cp_async_wait() {
  feedlight::host::running->copies.wait(GROUPS);
}

#endif

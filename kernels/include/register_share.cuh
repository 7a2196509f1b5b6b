// How the registers of a block are shared among its warpgroups (setmaxnreg of sm_90): those that copy
// give some back, those that multiply take them. All threads of a warpgroup call it, at the beginning
// of their branch; a number is a multiple of 8 from 24 to 256, and together they are no more than the
// block was launched with.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDACC__)

template <int COUNT>
__device__ inline void fl_registers_give() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(COUNT));
}

template <int COUNT>
__device__ inline void fl_registers_take() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(COUNT));
}

#else

template <int COUNT>
inline void fl_registers_give(FEEDLIGHT_SITE) {
  static_assert(COUNT % 8 == 0 && COUNT >= 24 && COUNT <= 256);
  feedlight::host::warpgroup(nullptr, [](void* (&)[128]) {}, {file, line});
}

template <int COUNT>
inline void fl_registers_take(FEEDLIGHT_SITE) {
  fl_registers_give<COUNT>(file, line);
}

#endif

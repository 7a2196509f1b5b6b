// What every kernel of Feedlight includes first. The same source is compiled twice: by nvcc for
// GPUs, and by a C++ compiler against kernels/host/language.h for the stand-in driver. A kernel is
//
//   extern "C" __global__ void fl_name(plain parameters) { ... }
//   FEEDLIGHT_KERNEL(fl_name)
//
// Parameters are pointers, float, int, long long and unsigned long long: results first, then what
// is read, then scalars, then sizes and strides, both counted in elements; or a struct of such
// members, each aligned to eight bytes, where several kernels share a long list. A null pointer
// means absent. language.h lists the part of CUDA that both sides offer.
#pragma once

#if defined(__CUDACC__)

#include <math.h>

#define FEEDLIGHT_KERNEL(name)

// Dynamic shared memory, aligned to 16 bytes; one declaration per kernel.
#define FEEDLIGHT_DYNAMIC_SHARED(type, name)                           \
  extern __shared__ __align__(16) unsigned char feedlight_dynamic[];   \
  type* const name = reinterpret_cast<type*>(feedlight_dynamic)

#else

#include "../host/language.h"

#endif

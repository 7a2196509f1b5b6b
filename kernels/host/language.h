// The part of CUDA C++ that Feedlight's kernels use, for a C++ compiler. Each thread of a block is a
// fiber (fibers.h); a block's fibers share one OS thread, so __shared__ is thread_local.
//
// Not offered: float atomics, cooperative groups, textures, inline PTX, device-side launches.
#pragma once

#include <math.h>
#include <string.h>

#include <cmath>
#include <cstdint>

#include "fibers.h"
#include "registry.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __shared__ static thread_local __attribute__((tls_model("global-dynamic")))
#define __constant__ static
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)
#define __grid_constant__

#define threadIdx (::feedlight::host::running->thread)
#define blockIdx (::feedlight::host::running->block->index)
#define blockDim (::feedlight::host::running->block->extent)
#define gridDim (::feedlight::host::running->block->grid)
#define warpSize 32

#define FEEDLIGHT_DYNAMIC_SHARED(type, name) \
  type* const name = reinterpret_cast<type*>(::feedlight::host::running->block->shared)

// ---- vectors

#define FEEDLIGHT_VECTOR(T, N)                                                                  \
  struct alignas(2 * sizeof(T)) N##2 {                                                          \
    T x, y;                                                                                     \
  };                                                                                            \
  struct alignas(sizeof(T) == 8 ? 16 : 4 * sizeof(T)) N##4 {                                    \
    T x, y, z, w;                                                                               \
  };                                                                                            \
  inline N##2 make_##N##2(T x, T y) { return N##2{x, y}; }                                      \
  inline N##4 make_##N##4(T x, T y, T z, T w) { return N##4{x, y, z, w}; }

FEEDLIGHT_VECTOR(float, float)
FEEDLIGHT_VECTOR(double, double)
FEEDLIGHT_VECTOR(int, int)
FEEDLIGHT_VECTOR(unsigned, uint)
FEEDLIGHT_VECTOR(signed char, char)
FEEDLIGHT_VECTOR(unsigned char, uchar)
FEEDLIGHT_VECTOR(short, short)
FEEDLIGHT_VECTOR(long long, longlong)
#undef FEEDLIGHT_VECTOR

// ---- barriers and exchange in a warp; the line is kept for messages

inline void __syncthreads(
    const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  ::feedlight::host::block_barrier({file, line});
}

inline void __syncwarp(
    unsigned mask = 0xFFFFFFFFu,
    const char* file = __builtin_FILE(),
    int line = __builtin_LINE()) {
  ::feedlight::host::warp(
      mask, nullptr, [](::feedlight::host::Lanes&, void*) {}, nullptr, {file, line});
}

namespace feedlight::host {

enum class From { lane, xor_lane, up, down };

template <typename T>
struct Shuffle {
  T in;
  T out;
  int argument;
  int width;
};

// A lane whose source does not take part, or lies outside its segment, keeps its own value.
template <typename T, From from>
inline T shuffle(unsigned mask, T value, int argument, int width, Site site) {
  Shuffle<T> mine{value, value, argument, width};
  warp(
      mask,
      &mine,
      [](Lanes& lanes, void*) {
        for (int lane = 0; lane < 32; lane++) {
          auto* own = static_cast<Shuffle<T>*>(lanes.deposit[lane]);
          if (own == nullptr) {
            continue;
          }
          int first = lane / own->width * own->width;
          int place = lane - first;
          int source = from == From::lane       ? own->argument & (own->width - 1)
                       : from == From::xor_lane ? place ^ own->argument
                       : from == From::up       ? place - own->argument
                                                : place + own->argument;
          if (source < 0 || source >= own->width) {
            continue;
          }
          auto* other = static_cast<Shuffle<T>*>(lanes.deposit[first + source]);
          if (other != nullptr) {
            own->out = other->in;
          }
        }
      },
      nullptr,
      site);
  return mine.out;
}

inline unsigned ballot(unsigned mask, int predicate, Site site) {
  struct Vote {
    int in;
    unsigned out;
  } mine{predicate, 0};
  warp(
      mask,
      &mine,
      [](Lanes& lanes, void*) {
        unsigned votes = 0;
        for (int lane = 0; lane < 32; lane++) {
          auto* own = static_cast<Vote*>(lanes.deposit[lane]);
          votes |= own != nullptr && own->in != 0 ? 1u << lane : 0u;
        }
        for (int lane = 0; lane < 32; lane++) {
          if (lanes.deposit[lane] != nullptr) {
            static_cast<Vote*>(lanes.deposit[lane])->out = votes;
          }
        }
      },
      nullptr,
      site);
  return mine.out;
}

}  // namespace feedlight::host

#define FEEDLIGHT_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

template <typename T>
inline T __shfl_sync(unsigned mask, T value, int lane, int width = 32, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  return shuffle<T, From::lane>(mask, value, lane, width, {file, line});
}

template <typename T>
inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  return shuffle<T, From::xor_lane>(mask, value, bits, width, {file, line});
}

template <typename T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  return shuffle<T, From::up>(mask, value, (int)by, width, {file, line});
}

template <typename T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  return shuffle<T, From::down>(mask, value, (int)by, width, {file, line});
}

inline unsigned __ballot_sync(unsigned mask, int predicate, FEEDLIGHT_SITE) {
  return feedlight::host::ballot(mask, predicate, {file, line});
}

inline int __any_sync(unsigned mask, int predicate, FEEDLIGHT_SITE) {
  return feedlight::host::ballot(mask, predicate, {file, line}) != 0;
}

inline int __all_sync(unsigned mask, int predicate, FEEDLIGHT_SITE) {
  return feedlight::host::ballot(mask, predicate == 0, {file, line}) == 0;
}

// ---- atomics on integers; floats have none on purpose

#define FEEDLIGHT_ATOMICS(T)                                                                 \
  inline T atomicAdd(T* at, T value) { return __atomic_fetch_add(at, value, __ATOMIC_RELAXED); } \
  inline T atomicOr(T* at, T value) { return __atomic_fetch_or(at, value, __ATOMIC_RELAXED); } \
  inline T atomicAnd(T* at, T value) { return __atomic_fetch_and(at, value, __ATOMIC_RELAXED); } \
  inline T atomicExch(T* at, T value) { return __atomic_exchange_n(at, value, __ATOMIC_RELAXED); } \
  inline T atomicCAS(T* at, T expected, T value) {                                           \
    __atomic_compare_exchange_n(                                                             \
        at, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                    \
    return expected;                                                                         \
  }                                                                                          \
  inline T atomicMax(T* at, T value) {                                                       \
    T old = __atomic_load_n(at, __ATOMIC_RELAXED);                                           \
    while (old < value                                                                       \
           && !__atomic_compare_exchange_n(                                                  \
               at, &old, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {                \
    }                                                                                        \
    return old;                                                                              \
  }                                                                                          \
  inline T atomicMin(T* at, T value) {                                                       \
    T old = __atomic_load_n(at, __ATOMIC_RELAXED);                                           \
    while (old > value                                                                       \
           && !__atomic_compare_exchange_n(                                                  \
               at, &old, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {                \
    }                                                                                        \
    return old;                                                                              \
  }

FEEDLIGHT_ATOMICS(int)
FEEDLIGHT_ATOMICS(unsigned)
FEEDLIGHT_ATOMICS(unsigned long long)
#undef FEEDLIGHT_ATOMICS

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

// ---- bits

inline int __float_as_int(float value) {
  int bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline unsigned __float_as_uint(float value) { return (unsigned)__float_as_int(value); }

inline float __int_as_float(int bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

inline float __uint_as_float(unsigned bits) { return __int_as_float((int)bits); }

inline long long __double_as_longlong(double value) {
  long long bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline double __longlong_as_double(long long bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

inline unsigned __umulhi(unsigned a, unsigned b) {
  return (unsigned)((unsigned long long)a * b >> 32);
}

inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __popcll(unsigned long long bits) { return __builtin_popcountll(bits); }
inline int __clz(int bits) { return bits == 0 ? 32 : __builtin_clz((unsigned)bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }

// Sum of the products of four signed bytes each, and a third term; wraps as on the device.
inline int __dp4a(int a, int b, int sum) {
  for (int byte = 0; byte < 4; byte++) {
    sum = (int)((unsigned)sum
                + (unsigned)((int)(signed char)(a >> 8 * byte) * (int)(signed char)(b >> 8 * byte)));
  }
  return sum;
}

// ---- arithmetic that is rounded once and never contracted; compiled with -ffp-contract=off

inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline float __int2float_rn(int a) { return (float)a; }
inline float __ll2float_rn(long long a) { return (float)a; }
inline float __double2float_rn(double a) { return (float)a; }
inline int __float2int_rn(float a) { return (int)rintf(a); }

template <typename T>
inline T __ldg(const T* at) {
  return *at;
}

#define FEEDLIGHT_EXTREMES(T)                            \
  inline T min(T a, T b) { return b < a ? b : a; }       \
  inline T max(T a, T b) { return a < b ? b : a; }

FEEDLIGHT_EXTREMES(int)
FEEDLIGHT_EXTREMES(unsigned)
FEEDLIGHT_EXTREMES(long long)
FEEDLIGHT_EXTREMES(unsigned long long)
#undef FEEDLIGHT_EXTREMES

// As on the device, a NaN loses against a number.
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

using std::isfinite;
using std::isinf;
using std::isnan;

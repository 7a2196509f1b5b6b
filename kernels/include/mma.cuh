// Products of tf32 and bf16 fragments by tensor cores, from sm_80 on, and rounding to both types.
// Each is PTX, and beside it a twin for the stand-in that follows the PTX manual by itself:
// fragments as "Warp Level Matrix Instructions" draws them for mma.m16n8k8 and mma.m16n8k16. All 32
// lanes of a warp call fl_mma_* together.
//
// Sums of a tensor core: products are exact, the order of a sum within one instruction and its
// rounding are not specified ("at least single precision"). The twin adds in double and rounds
// once.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
#error "tf32 and bf16 need sm_80: compile this file for compute_80 and up"
#endif

#if defined(__CUDACC__)

// d = d + a b for 16 x 8 sums, 16 x 8 of a and 8 x 8 of b, in tf32: floats whose last 13 bits do
// not count. With group = lane / 4 and place = lane % 4:
//   a[0] (group, place)  a[1] (group + 8, place)  a[2] (group, place + 4)  a[3] (group + 8, place + 4)
//   b[0] (place, group)  b[1] (place + 4, group)
//   d[0], d[1] (group, 2 place + 0, 1)  d[2], d[3] (group + 8, 2 place + 0, 1)
__device__ inline void fl_mma_tf32(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The same with 16 x 16 of a and 16 x 8 of b in bf16, two to a register, the first in its low half:
//   a[0] (group, 2 place + 0, 1)      a[1] (group + 8, 2 place + 0, 1)
//   a[2] (group, 2 place + 8, 9)      a[3] (group + 8, 2 place + 8, 9)
//   b[0] (2 place + 0, 1, group)      b[1] (2 place + 8, 9, group)
__device__ inline void fl_mma_bf16(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The nearest tf32, ties away from 0, as bits of a float.
__device__ inline unsigned fl_tf32(float value) {
  unsigned bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
  return bits;
}

// The nearest bf16 of two, ties to even; `low` in the low half.
__device__ inline unsigned fl_bf16_pair(float low, float high) {
  unsigned pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

#else

namespace feedlight::host {

// What a lane brings to a product.
struct Fragments {
  float* d;
  const unsigned* a;
  const unsigned* b;
};

// The sums of a product of 16 x depth by depth x 8 numbers.
template <int depth>
inline void multiply_add(
    Lanes& lanes, const double (&a)[16][depth], const double (&b)[depth][8]) {
  for (int lane = 0; lane < 32; lane++) {
    float* d = static_cast<Fragments*>(lanes.deposit[lane])->d;
    for (int i = 0; i < 4; i++) {
      int row = i < 2 ? lane / 4 : lane / 4 + 8;
      int column = lane % 4 * 2 + i % 2;
      double sum = d[i];
      for (int k = 0; k < depth; k++) {
        sum += a[row][k] * b[k][column];
      }
      d[i] = (float)sum;
    }
  }
}

inline double tf32_value(unsigned bits) { return __uint_as_float(bits & 0xFFFFE000u); }

// Halfword i of registers that hold two each.
inline double bf16_value(const unsigned* registers, int i) {
  return __uint_as_float(i % 2 == 0 ? registers[i / 2] << 16 : registers[i / 2] & 0xFFFF0000u);
}

inline void join_tf32(Lanes& lanes, void*) {
  double a[16][8];
  double b[8][8];
  for (int lane = 0; lane < 32; lane++) {
    const Fragments& own = *static_cast<Fragments*>(lanes.deposit[lane]);
    int group = lane >> 2;
    int in_group = lane % 4;
    for (int i = 0; i < 4; i++) {
      int row = i == 0 || i == 2 ? group : group + 8;
      int column = i == 0 || i == 1 ? in_group : in_group + 4;
      a[row][column] = tf32_value(own.a[i]);
    }
    for (int i = 0; i < 2; i++) {
      b[i == 0 ? in_group : in_group + 4][group] = tf32_value(own.b[i]);
    }
  }
  multiply_add(lanes, a, b);
}

inline void join_bf16(Lanes& lanes, void*) {
  double a[16][16];
  double b[16][8];
  for (int lane = 0; lane < 32; lane++) {
    const Fragments& own = *static_cast<Fragments*>(lanes.deposit[lane]);
    int group = lane >> 2;
    int in_group = lane % 4;
    for (int i = 0; i < 8; i++) {
      int row = (0 <= i && i < 2) || (4 <= i && i < 6) ? group : group + 8;
      int column = in_group * 2 + (i & 1) + (i < 4 ? 0 : 8);
      a[row][column] = bf16_value(own.a, i);
    }
    for (int i = 0; i < 4; i++) {
      b[in_group * 2 + (i & 1) + (i < 2 ? 0 : 8)][group] = bf16_value(own.b, i);
    }
  }
  multiply_add(lanes, a, b);
}

// Ties to even; any NaN becomes the one that the instruction gives.
inline unsigned bf16_bits(float value) {
  unsigned bits = __float_as_uint(value);
  return std::isnan(value) ? 0x7FFFu : (bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16;
}

}  // namespace feedlight::host

inline void fl_mma_tf32(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], FEEDLIGHT_SITE) {
  feedlight::host::Fragments mine{d, a, b};
  feedlight::host::warp(
      0xFFFFFFFFu, &mine, feedlight::host::join_tf32, nullptr, {file, line});
}

inline void fl_mma_bf16(
    float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], FEEDLIGHT_SITE) {
  feedlight::host::Fragments mine{d, a, b};
  feedlight::host::warp(
      0xFFFFFFFFu, &mine, feedlight::host::join_bf16, nullptr, {file, line});
}

inline unsigned fl_tf32(float value) {
  return std::isnan(value) ? 0x7FFFFFFFu : (__float_as_uint(value) + 0x1000u) & 0xFFFFE000u;
}

inline unsigned fl_bf16_pair(float low, float high) {
  return feedlight::host::bf16_bits(high) << 16 | feedlight::host::bf16_bits(low);
}

#endif

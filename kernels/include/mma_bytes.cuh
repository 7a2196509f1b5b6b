// The product of signed bytes on tensor cores: sums += A B, exact, where A is 16 x 32, B is 32 x 8.
// A warp holds the operands, four bytes in a word, lowest first. With g = lane / 4, t = lane % 4:
//   a[0]  row g,     columns 4 t to 4 t + 3        a[2]  row g,     columns 16 + 4 t to 19 + 4 t
//   a[1]  row g + 8, columns 4 t to 4 t + 3        a[3]  row g + 8, columns 16 + 4 t to 19 + 4 t
//   b[0]  column g, rows 4 t to 4 t + 3            b[1]  column g, rows 16 + 4 t to 19 + 4 t
//   sums[0], sums[1]  row g, columns 2 t, 2 t + 1  sums[2], sums[3]  the same of row g + 8
// (PTX ISA, fragments of mma.m16n8k32 with .s8.) Sums wrap at 32 bits.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDACC__)

#if __CUDA_ARCH__ < 800

// The 8 x 16 by 16 x 8 product of sm_75, of which the larger one is made.
__device__ inline void fl_mma_bytes_small(int& sum0, int& sum1, unsigned a, unsigned b) {
  asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
      : "+r"(sum0), "+r"(sum1)
      : "r"(a), "r"(b));
}

#endif

__device__ inline void fl_mma_bytes(
    int (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if __CUDA_ARCH__ >= 800
  asm(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
  fl_mma_bytes_small(sums[0], sums[1], a[0], b0);
  fl_mma_bytes_small(sums[0], sums[1], a[2], b1);
  fl_mma_bytes_small(sums[2], sums[3], a[1], b0);
  fl_mma_bytes_small(sums[2], sums[3], a[3], b1);
#endif
}

#else

namespace feedlight::host {

struct BytesProduct {
  int (&sums)[4];
  const unsigned (&a)[4];
  unsigned b[2];
};

// As the manual states it, element by element of a lane's fragments.
inline void multiply_bytes(Lanes& lanes, void*) {
  signed char a[16][32];
  signed char b[8][32];
  for (int lane = 0; lane < 32; lane++) {
    auto* own = static_cast<BytesProduct*>(lanes.deposit[lane]);
    int group = lane >> 2;
    int in_group = lane % 4;
    for (int i = 0; i < 16; i++) {
      int row = i < 4 || (8 <= i && i < 12) ? group : group + 8;
      int column = in_group * 4 + (i & 3) + (i < 8 ? 0 : 16);
      a[row][column] = (signed char)(own->a[i / 4] >> (8 * (i % 4)));
    }
    for (int i = 0; i < 8; i++) {
      int row = in_group * 4 + (i & 3) + (i < 4 ? 0 : 16);
      b[group][row] = (signed char)(own->b[i / 4] >> (8 * (i % 4)));
    }
  }
  for (int lane = 0; lane < 32; lane++) {
    auto* own = static_cast<BytesProduct*>(lanes.deposit[lane]);
    for (int i = 0; i < 4; i++) {
      int row = (lane >> 2) + (i < 2 ? 0 : 8);
      int column = (lane % 4) * 2 + (i & 1);
      int sum = 0;
      for (int k = 0; k < 32; k++) {
        sum += a[row][k] * b[column][k];
      }
      own->sums[i] = (int)((unsigned)own->sums[i] + (unsigned)sum);
    }
  }
}

}  // namespace feedlight::host

inline void fl_mma_bytes(
    int (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  BytesProduct mine{sums, a, {b0, b1}};
  warp(0xFFFFFFFFu, &mine, &multiply_bytes, nullptr, {file, line});
}

#endif

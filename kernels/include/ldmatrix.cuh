// Matrices from shared memory into the registers of a warp (ldmatrix of sm_75): four of 8 rows of
// 16 bytes. Lane 8 m + r gives the address of row r of matrix m, aligned to 16 bytes.
#pragma once

#include "feedlight.cuh"

#if defined(__CUDACC__)

// words[m] of lane l: word l % 4 of row l / 4 of matrix m.
__device__ inline void fl_ldmatrix_x4(unsigned (&words)[4], const void* row) {
  unsigned shared = (unsigned)__cvta_generic_to_shared(row);
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
               : "r"(shared)
               : "memory");
}

// words[m] of lane l: elements l / 4 of rows 2 (l % 4) and 2 (l % 4) + 1 of matrix m, whose elements
// have 16 bits; the first in the lower half.
__device__ inline void fl_ldmatrix_x4_trans(unsigned (&words)[4], const void* row) {
  unsigned shared = (unsigned)__cvta_generic_to_shared(row);
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]), "=r"(words[3])
               : "r"(shared)
               : "memory");
}

#else

namespace feedlight::host {

struct MatrixLoad {
  const unsigned short* row;
  unsigned (&words)[4];
};

// Half 0 or 1 of the word that a lane gets of a matrix: its row and its element there.
template <bool TRANSPOSED>
inline void load_matrices(Lanes& lanes, void*) {
  for (int matrix = 0; matrix < 4; matrix++) {
    for (int lane = 0; lane < 32; lane++) {
      unsigned word = 0;
      for (int half = 0; half < 2; half++) {
        int place = 2 * (lane % 4) + half;
        int row = TRANSPOSED ? place : lane / 4;
        int element = TRANSPOSED ? lane / 4 : place;
        auto* giver = static_cast<MatrixLoad*>(lanes.deposit[8 * matrix + row]);
        word |= (unsigned)giver->row[element] << (16 * half);
      }
      static_cast<MatrixLoad*>(lanes.deposit[lane])->words[matrix] = word;
    }
  }
}

}  // namespace feedlight::host

inline void fl_ldmatrix_x4(unsigned (&words)[4], const void* row, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  require_aligned(row, 16);
  MatrixLoad mine{static_cast<const unsigned short*>(row), words};
  warp(0xFFFFFFFFu, &mine, &load_matrices<false>, nullptr, {file, line});
}

inline void fl_ldmatrix_x4_trans(unsigned (&words)[4], const void* row, FEEDLIGHT_SITE) {
  using namespace feedlight::host;
  require_aligned(row, 16);
  MatrixLoad mine{static_cast<const unsigned short*>(row), words};
  warp(0xFFFFFFFFu, &mine, &load_matrices<true>, nullptr, {file, line});
}

#endif

// Philox4x32-10 (Salmon et al., SC 2011): the same words as dev.feedlight.tensor.Philox.block.
#pragma once

#include "feedlight.cuh"

__device__ inline uint4 fl_philox(
    unsigned long long key, unsigned c0, unsigned c1, unsigned c2, unsigned c3) {
  unsigned k0 = (unsigned)key;
  unsigned k1 = (unsigned)(key >> 32);
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0);
    unsigned low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2);
    unsigned low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return make_uint4(c0, c1, c2, c3);
}

// Word 0..3 of a block.
__device__ inline unsigned fl_word(const uint4& block, int number) {
  return number == 0 ? block.x : number == 1 ? block.y : number == 2 ? block.z : block.w;
}

// NormalTable.INDEX_SHIFT: the top 12 bits of a word index the table's 4096 deviates.
#define FL_NORMAL_SHIFT 20

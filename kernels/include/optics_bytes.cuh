// The entries of the transmission matrix as dev.feedlight.device.TransmissionBytes defines them.
#pragma once

#include "feedlight.cuh"
#include "philox.cuh"

// Entries of a row that one Philox block makes.
#define FL_ENTRIES_PER_BLOCK 8

// The table; the upper half is the mirror image of the lower one. Threads index it each on their
// own, so kernels copy it to shared memory first.
__constant__ __align__(4) const signed char fl_transmission_table[256] = {
    -127, -111, -103, -97, -93, -89, -86, -83, -81, -79, -77, -75, -73, -71, -70, -68, -67, -65,
    -64, -63, -62, -61, -60, -59, -57, -57, -56, -55, -54, -53, -52, -51, -50, -49, -49, -48, -47,
    -46, -46, -45, -44, -43, -43, -42, -41, -41, -40, -39, -39, -38, -37, -37, -36, -36, -35, -34,
    -34, -33, -33, -32, -32, -31, -31, -30, -29, -29, -28, -28, -27, -27, -26, -26, -25, -25, -24,
    -24, -23, -23, -22, -22, -21, -21, -20, -20, -19, -19, -18, -18, -17, -17, -17, -16, -16, -15,
    -15, -14, -14, -13, -13, -12, -12, -12, -11, -11, -10, -10, -9, -9, -8, -8, -8, -7, -7, -6, -6,
    -5, -5, -5, -4, -4, -3, -3, -2, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6,
    7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 17, 18,
    18, 19, 19, 20, 20, 21, 21, 22, 22, 23, 23, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 29, 29, 30,
    31, 31, 32, 32, 33, 33, 34, 34, 35, 36, 36, 37, 37, 38, 39, 39, 40, 41, 41, 42, 43, 43, 44, 45,
    46, 46, 47, 48, 49, 49, 50, 51, 52, 53, 54, 55, 56, 57, 57, 59, 60, 61, 62, 63, 64, 65, 67, 68,
    70, 71, 73, 75, 77, 79, 81, 83, 86, 89, 93, 97, 103, 111, 127,
};

// Copies the table; the block has at least 256 threads and must wait before it reads.
__device__ inline void fl_copy_table(signed char* table) {
  if (threadIdx.x < 256) {
    table[threadIdx.x] = fl_transmission_table[threadIdx.x];
  }
}

// Words x and y index the table for u of eight columns, z and w for v; least significant byte
// first.
__device__ inline uint4 fl_entries(
    unsigned long long key, long long block, int pixel) {
  return fl_philox(key, (unsigned)block, (unsigned)pixel, 0u, 0u);
}

// The table once in each bank of shared memory, for lookups of which no two of a warp collide: four
// entries of the bank of lane l every 128 bytes from 4 l on.
#define FL_BANKED_TABLE_BYTES 8192

// Fills it; the block must wait before it reads.
__device__ inline void fl_fill_banked_table(unsigned char* banked) {
  const unsigned* fours = reinterpret_cast<const unsigned*>(fl_transmission_table);
  for (int i = threadIdx.x; i < FL_BANKED_TABLE_BYTES / 4; i += blockDim.x) {
    reinterpret_cast<unsigned*>(banked)[i] = fours[i / 32];
  }
}

// Four entries of a word by way of it, the first in the least significant byte.
__device__ inline unsigned fl_banked_entries(const unsigned char* banked, unsigned word) {
  const unsigned char* own = banked + 4 * (threadIdx.x % 32);
  unsigned packed = 0;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    unsigned number = (word >> (8 * i)) & 255u;
    packed |= (unsigned)own[number / 4 * 128 + number % 4] << (8 * i);
  }
  return packed;
}

// Entry 0 to 3 of a word.
__device__ inline int fl_entry(const signed char* table, unsigned word, int i) {
  return table[(word >> (8 * i)) & 255u];
}

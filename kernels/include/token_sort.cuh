// Rows sorted by their tokens, by one block: a radix sort of 8 bits at a time, each pass of which
// keeps the order of rows whose digits are the same. So equal tokens end in ascending order of their
// rows, and nothing depends on timing.
//
// In a pass a warp has a piece of the rows. It counts their digits; from the counts of all warps
// follows where its rows of each digit go, and then it puts them there, 32 at a time.
#pragma once

#include "feedlight.cuh"

#define FL_SORT_THREADS 1024
#define FL_SORT_WARPS (FL_SORT_THREADS / 32)
#define FL_SORT_BITS 8
#define FL_SORT_DIGITS (1 << FL_SORT_BITS)

// Rows of a lane that are loaded before the first is used.
#define FL_SORT_LOADS 4

// The sum over the lanes before this one. All lanes call.
__device__ inline int fl_sum_before(int value) {
  int sum = value;
  for (int distance = 1; distance < 32; distance *= 2) {
    int other = __shfl_up_sync(0xFFFFFFFFu, sum, distance);
    sum += (int)threadIdx.x % 32 >= distance ? other : 0;
  }
  return sum - value;
}

// Those lanes that have a row with the same digit. All lanes call.
__device__ inline unsigned fl_same_digit(int digit, bool there) {
  unsigned same = __ballot_sync(0xFFFFFFFFu, there);
#pragma unroll
  for (int bit = 0; bit < FL_SORT_BITS; bit++) {
    bool set = (digit >> bit & 1) != 0;
    unsigned all = __ballot_sync(0xFFFFFFFFu, set);
    same &= set ? all : ~all;
  }
  return same;
}

// One pass over rows in the order `from`, or as they are where it is null.
struct FlSortPass {
  const int* from;
  const int* tokens;
  int shift;
  int rows;

  // take(row, digit, before, count) for the warp's rows 32 at a time, by all lanes; row is negative for
  // lanes that have none. As many as `count` have the same digit, `before` of them in lanes before.
  template <typename Take>
  __device__ void each(const Take& take) const {
    int lane = (int)threadIdx.x % 32;
    int share = (rows + FL_SORT_THREADS - 1) / FL_SORT_THREADS * 32;
    long long begin = (long long)((int)threadIdx.x / 32) * share;
    int end = (int)(begin + share < rows ? begin + share : rows);
    for (long long first = begin; first < end; first += 32 * FL_SORT_LOADS) {
      int row[FL_SORT_LOADS];
      int digit[FL_SORT_LOADS];
#pragma unroll
      for (int load = 0; load < FL_SORT_LOADS; load++) {
        long long i = first + 32 * load + lane;
        row[load] = i >= end ? -1 : from == nullptr ? (int)i : from[i];
      }
#pragma unroll
      for (int load = 0; load < FL_SORT_LOADS; load++) {
        int token = row[load] < 0 ? 0 : tokens[row[load]];
        digit[load] = token >> shift & (FL_SORT_DIGITS - 1);
      }
#pragma unroll
      for (int load = 0; load < FL_SORT_LOADS; load++) {
        unsigned same = fl_same_digit(digit[load], row[load] >= 0);
        take(row[load], digit[load], __popc(same & ((1u << lane) - 1)), __popc(same));
        __syncwarp();
      }
    }
  }
};

// order: the rows from 0 on, sorted by tokens from 0 to largest; spare: as many. All threads of a
// block of 1024 call, and see the result.
__device__ inline void fl_sort_rows(
    int* order, int* spare, const int* tokens, int largest, int rows) {
  __shared__ int counts[FL_SORT_WARPS][FL_SORT_DIGITS];
  __shared__ int starts[FL_SORT_DIGITS];
  __shared__ int sums[FL_SORT_WARPS];
  int thread = (int)threadIdx.x;
  int* own = counts[thread / 32];
  int passes = 1;
  while (passes * FL_SORT_BITS < 31 && largest >> passes * FL_SORT_BITS != 0) {
    passes++;
  }
  const int* from = nullptr;
  for (int pass = 0; pass < passes; pass++) {
    int* to = (passes - pass) % 2 == 1 ? order : spare;
    FlSortPass sort{from, tokens, pass * FL_SORT_BITS, rows};
    for (int digit = thread % 32; digit < FL_SORT_DIGITS; digit += 32) {
      own[digit] = 0;
    }
    __syncwarp();
    sort.each([&](int row, int digit, int before, int count) {
      if (row >= 0 && before == 0) {
        own[digit] += count;
      }
    });
    __syncthreads();
    // Rows of a digit in the warps before, and in all.
    int all = 0;
    if (thread < FL_SORT_DIGITS) {
      for (int warp = 0; warp < FL_SORT_WARPS; warp++) {
        int count = counts[warp][thread];
        counts[warp][thread] = all;
        all += count;
      }
    }
    // Rows of the digits before.
    int start = fl_sum_before(all);
    if (thread % 32 == 31) {
      sums[thread / 32] = start + all;
    }
    __syncthreads();
    if (thread < FL_SORT_DIGITS) {
      for (int warp = 0; warp < thread / 32; warp++) {
        start += sums[warp];
      }
      starts[thread] = start;
    }
    __syncthreads();
    sort.each([&](int row, int digit, int before, int count) {
      if (row >= 0) {
        to[starts[digit] + own[digit] + before] = row;
      }
      __syncwarp();
      if (row >= 0 && before == 0) {
        own[digit] += count;
      }
    });
    __syncthreads();
    from = to;
  }
}

#include "feedlight.cuh"
#include "async_copy.cuh"
#include "ldmatrix.cuh"
#include "mma_bytes.cuh"

// Kernels of the smoke test, right and wrong ones.

// Reverses each block's 64 numbers through shared memory.
extern "C" __global__ void smoke_reverse(int* data) {
  FEEDLIGHT_DYNAMIC_SHARED(int, room);
  int* own = data + 64 * blockIdx.x;
  room[threadIdx.x] = own[threadIdx.x];
  __syncthreads();
  own[threadIdx.x] = room[63 - threadIdx.x];
}
FEEDLIGHT_KERNEL(smoke_reverse)

// Exchange in a warp: sums by xor, neighbours, votes, in a block that ends in half a warp.
extern "C" __global__ void smoke_warp(int* sums, int* neighbours, unsigned* votes) {
  int lane = (int)threadIdx.x % 32;
  unsigned mask = threadIdx.x < 32 ? 0xFFFFFFFFu : 0x0000FFFFu;
  int sum = lane;
  for (int distance = 8; distance > 0; distance /= 2) {
    sum += __shfl_xor_sync(mask, sum, distance, 16);
  }
  sums[threadIdx.x] = sum;
  neighbours[threadIdx.x] = __shfl_down_sync(mask, lane, 1);
  votes[threadIdx.x] = __ballot_sync(mask, lane % 3 == 0);
}
FEEDLIGHT_KERNEL(smoke_warp)

// Wrong: half of the block waits elsewhere.
extern "C" __global__ void smoke_divergent(int* data) {
  if (threadIdx.x < 16) {
    __syncthreads();
    data[0] = 1;
  } else {
    __syncthreads();
    data[1] = 1;
  }
}
FEEDLIGHT_KERNEL(smoke_divergent)

// Wrong: half of the block ends while the rest waits.
extern "C" __global__ void smoke_early_end(int* data) {
  if (threadIdx.x < 16) {
    return;
  }
  __syncthreads();
  data[0] = 1;
}
FEEDLIGHT_KERNEL(smoke_early_end)

// Wrong: one number behind the end.
extern "C" __global__ void smoke_overrun(int* data, long long count) {
  data[count] = 7;
}
FEEDLIGHT_KERNEL(smoke_overrun)

// One number more for each launch.
extern "C" __global__ void smoke_count(int* counter) { *counter += 1; }
FEEDLIGHT_KERNEL(smoke_count)

// One product of signed bytes by one warp: sums 16 x 8 += a 16 x 32 times b, whose columns are rows
// of memory, 8 x 32.
extern "C" __global__ void smoke_mma_bytes(int* sums, const int* a, const int* b) {
  int group = (int)threadIdx.x / 4;
  int place = (int)threadIdx.x % 4;
  unsigned left[4];
  for (int i = 0; i < 4; i++) {
    left[i] = (unsigned)a[8 * (group + 8 * (i % 2)) + 4 * (i / 2) + place];
  }
  int own[4];
  for (int i = 0; i < 4; i++) {
    own[i] = sums[8 * (group + 8 * (i / 2)) + 2 * place + i % 2];
  }
  fl_mma_bytes(own, left, (unsigned)b[8 * group + place], (unsigned)b[8 * group + 4 + place]);
  for (int i = 0; i < 4; i++) {
    sums[8 * (group + 8 * (i / 2)) + 2 * place + i % 2] = own[i];
  }
}
FEEDLIGHT_KERNEL(smoke_mma_bytes)

// Four matrices of 8 x 8 elements of 16 bits, one after another in shared memory: what each lane
// gets of them, as they are and transposed, four words for each lane.
extern "C" __global__ void smoke_ldmatrix(int* plain, int* transposed, const int* matrices) {
  __shared__ __align__(16) int room[4 * 32];
  for (int i = 0; i < 4; i++) {
    room[4 * threadIdx.x + i] = matrices[4 * threadIdx.x + i];
  }
  __syncthreads();
  unsigned words[4];
  fl_ldmatrix_x4(words, room + 4 * threadIdx.x);
  for (int i = 0; i < 4; i++) {
    plain[4 * threadIdx.x + i] = (int)words[i];
  }
  fl_ldmatrix_x4_trans(words, room + 4 * threadIdx.x);
  for (int i = 0; i < 4; i++) {
    transposed[4 * threadIdx.x + i] = (int)words[i];
  }
}
FEEDLIGHT_KERNEL(smoke_ldmatrix)

// Copies the first n bytes of 16 in one group and the first n % 5 of 4 in a second, with zeros
// behind them. Beside them, what was there before either group was waited for, and after the first.
extern "C" __global__ void smoke_cp_async(int* copied, int* early, const int* from) {
  __shared__ __align__(16) int room[32 * 8];
  int* own = room + 8 * threadIdx.x;
  for (int i = 0; i < 8; i++) {
    own[i] = -1;
  }
  int n = (int)threadIdx.x % 17;
  fl_cp_async_16(own, from, n);
  fl_cp_async_commit();
  fl_cp_async_4(own + 4, from, n % 5);
  fl_cp_async_commit();
  early[3 * threadIdx.x] = own[0];
  fl_cp_async_wait<1>();
  early[3 * threadIdx.x + 1] = own[0];
  early[3 * threadIdx.x + 2] = own[4];
  fl_cp_async_wait<0>();
  for (int i = 0; i < 8; i++) {
    copied[8 * threadIdx.x + i] = own[i];
  }
}
FEEDLIGHT_KERNEL(smoke_cp_async)

#include "feedlight.cuh"

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

// Wrong: nothing orders the writing of a place and the reading of it by its neighbour. On a GPU and
// here it may go well; ThreadSanitizer must find it.
extern "C" __global__ void smoke_race(int* data) {
  FEEDLIGHT_DYNAMIC_SHARED(int, room);
  room[threadIdx.x] = data[threadIdx.x];
  data[threadIdx.x] = room[(threadIdx.x + 1) % blockDim.x];
}
FEEDLIGHT_KERNEL(smoke_race)

// Wrong: reads one number behind the data. AddressSanitizer must find it.
extern "C" __global__ void smoke_overread(int* data) {
  data[threadIdx.x] += data[blockDim.x];
}
FEEDLIGHT_KERNEL(smoke_overread)

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

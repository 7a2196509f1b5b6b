#include "feedlight.cuh"
#include "ldmatrix.cuh"
#include "mbarrier.cuh"
#include "tma.cuh"
#include "wgmma.cuh"

// A product of 64 x 128 through two stages of shared memory, as kernels for sm_90 make it, and every
// mistake that such a kernel can make: each must end in an error or in a wrong result.

enum Mistake {
  none,
  no_wait_for_copies,
  wrong_parity,
  no_wait_for_free_stage,
  stage_given_back_early,
  wrong_stride,
  wrong_leading,
  wrong_step,
  too_few_bytes,
  too_many_bytes,
  no_fence,
  barriers_not_shown,
  stage_not_aligned,
  sums_read_early,
  wrong_transposition,
  products_not_awaited,
  copies_not_awaited,
  one_arrival_too_few,
};

#define SMOKE_STAGES 2
#define SMOKE_DEPTH 64
#define SMOKE_BYTES_A (64 * 128)
#define SMOKE_BYTES_B (128 * 128)
#define SMOKE_BYTES (SMOKE_BYTES_A + SMOKE_BYTES_B)

struct SmokeRoom {
  unsigned char* stages;
  FlBarrier* full;
  FlBarrier* empty;

  __device__ unsigned char* a(int stage) const { return stages + stage * SMOKE_BYTES; }
  __device__ unsigned char* b(int stage) const { return a(stage) + SMOKE_BYTES_A; }
};

template <bool a_along_depth, bool b_along_depth>
__device__ void smoke_produce(
    const SmokeRoom& room, const FlTensorMap* a, const FlTensorMap* b, int slices, int mistake) {
  for (int slice = 0; slice < slices; slice++) {
    int stage = slice % SMOKE_STAGES;
    int depth = slice * SMOKE_DEPTH;
    if (mistake != no_wait_for_free_stage) {
      fl_barrier_wait(&room.empty[stage], slice / SMOKE_STAGES % 2 ^ 1);
    }
    int bytes = SMOKE_BYTES + (mistake == too_many_bytes ? 16 : mistake == too_few_bytes ? -16 : 0);
    fl_barrier_expect(&room.full[stage], bytes);
    fl_tma_load(
        room.a(stage), a, a_along_depth ? depth : 0, a_along_depth ? 0 : depth, &room.full[stage]);
    for (int half = 0; half < (b_along_depth ? 1 : 2); half++) {
      fl_tma_load(
          room.b(stage) + half * SMOKE_BYTES_B / 2, b, b_along_depth ? depth : 64 * half,
          b_along_depth ? 0 : depth, &room.full[stage]);
    }
  }
}

template <bool a_along_depth, bool b_along_depth>
__device__ void smoke_consume(float* d, const SmokeRoom& room, int slices, int mistake) {
  float sums[64];
  for (int slice = 0; slice < slices; slice++) {
    int stage = slice % SMOKE_STAGES;
    int parity = slice / SMOKE_STAGES % 2 ^ (mistake == wrong_parity ? 1 : 0);
    if (mistake != no_wait_for_copies
        && !(mistake == copies_not_awaited && slice == slices - 1)) {
      fl_barrier_wait(&room.full[stage], parity);
    }
    if (mistake == copies_not_awaited && slice == slices - 1) {
      break;
    }
    if (mistake != no_fence) {
      fl_wgmma_fence();
    }
    for (int step = 0; step < SMOKE_DEPTH / 16; step++) {
      int along = mistake == wrong_step ? 64 : 32;
      int stride = mistake == wrong_stride ? 2048 : 1024;
      int leading = mistake == wrong_leading ? 1024 : SMOKE_BYTES_B / 2;
      unsigned long long left =
          fl_wgmma_matrix(room.a(stage) + step * (a_along_depth ? along : 2048), 16, stride);
      unsigned long long right = fl_wgmma_matrix(
          room.b(stage) + step * (b_along_depth ? along : 2048), leading, stride);
      if (mistake == wrong_transposition) {
        fl_wgmma_bf16<!a_along_depth, b_along_depth>(sums, left, right, slice + step);
      } else {
        fl_wgmma_bf16<a_along_depth, b_along_depth>(sums, left, right, slice + step);
      }
    }
    fl_wgmma_commit();
    if (mistake == stage_given_back_early) {
      fl_barrier_arrive(&room.empty[stage]);
    }
    if (mistake == products_not_awaited && slice == slices - 1) {
      break;
    }
    // The products of the slice before are done, and their stage is free.
    fl_wgmma_wait<1>();
    if (mistake != stage_given_back_early && slice > 0
        && !(mistake == one_arrival_too_few && threadIdx.x == 5)) {
      fl_barrier_arrive(&room.empty[(slice - 1) % SMOKE_STAGES]);
    }
  }
  if (mistake != sums_read_early && mistake != products_not_awaited) {
    fl_wgmma_finish(sums);
  }
  int thread = (int)threadIdx.x;
  for (int i = 0; i < 64; i++) {
    int row = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
    int column = i / 4 * 8 + thread % 4 * 2 + i % 2;
    d[128 * row + column] = sums[i];
  }
  if (mistake == sums_read_early) {
    fl_wgmma_finish(sums);
  }
}

template <bool a_along_depth, bool b_along_depth>
__device__ void smoke_product(
    unsigned char* raw,
    float* d,
    const FlTensorMap* a,
    const FlTensorMap* b,
    int slices,
    int mistake) {
  SmokeRoom room;
  room.stages = fl_shared_aligned(raw, 1024) + (mistake == stage_not_aligned ? 128 : 0);
  room.full = reinterpret_cast<FlBarrier*>(
      fl_shared_aligned(raw, 1024) + SMOKE_STAGES * SMOKE_BYTES + 128);
  room.empty = room.full + SMOKE_STAGES;
  if (threadIdx.x == 0) {
    for (int stage = 0; stage < SMOKE_STAGES; stage++) {
      fl_barrier_make(&room.full[stage], 1);
      fl_barrier_make(&room.empty[stage], 128);
    }
    if (mistake != barriers_not_shown) {
      fl_barriers_made();
    }
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    smoke_consume<a_along_depth, b_along_depth>(d, room, slices, mistake);
  } else if (threadIdx.x == 128) {
    smoke_produce<a_along_depth, b_along_depth>(room, a, b, slices, mistake);
  }
}

// d = a b, row-major: d 64 x 128, a 64 x depth, b depth x 128. layout: bit 0 whether memory runs along
// the depth of a, bit 1 of b.
// grid 1, block 160
extern "C" __global__ void smoke_wgmma(
    float* d,
    const __grid_constant__ FlTensorMap a,
    const __grid_constant__ FlTensorMap b,
    int layout,
    int slices,
    int mistake) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, raw);
  switch (layout) {
    case 0:
      smoke_product<false, false>(raw, d, &a, &b, slices, mistake);
      break;
    case 1:
      smoke_product<true, false>(raw, d, &a, &b, slices, mistake);
      break;
    case 2:
      smoke_product<false, true>(raw, d, &a, &b, slices, mistake);
      break;
    default:
      smoke_product<true, true>(raw, d, &a, &b, slices, mistake);
  }
}
FEEDLIGHT_KERNEL(smoke_wgmma)

// d = a b of signed bytes, 64 x 128 x 128; rows of memory are rows of a, columns of b.
// grid 1, block 128
extern "C" __global__ void smoke_wgmma_bytes(
    int* d, const __grid_constant__ FlTensorMap a, const __grid_constant__ FlTensorMap b) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned char, raw);
  unsigned char* room = fl_shared_aligned(raw, 1024);
  auto* full = reinterpret_cast<FlBarrier*>(room + SMOKE_BYTES);
  int thread = (int)threadIdx.x;
  if (thread == 0) {
    fl_barrier_make(full, 1);
    fl_barriers_made();
    fl_barrier_expect(full, SMOKE_BYTES);
    fl_tma_load(room, &a, 0, 0, full);
    fl_tma_load(room + SMOKE_BYTES_A, &b, 0, 0, full);
  }
  __syncthreads();
  fl_barrier_wait(full, 0);
  unsigned left[4][4];
  int row = thread / 32 * 16 + thread % 16;
  for (int step = 0; step < 4; step++) {
    int chunk = (2 * step + thread % 32 / 16) ^ (row % 8);
    fl_ldmatrix_x4(left[step], room + 128 * row + 16 * chunk);
  }
  int sums[64];
  fl_wgmma_fence();
  for (int step = 0; step < 4; step++) {
    fl_wgmma_bytes(
        sums, left[step], fl_wgmma_matrix(room + SMOKE_BYTES_A + 32 * step, 16, 1024), step);
  }
  fl_wgmma_commit();
  fl_wgmma_finish(sums);
  for (int i = 0; i < 64; i++) {
    int row = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
    int column = i / 4 * 8 + thread % 4 * 2 + i % 2;
    d[128 * row + column] = sums[i];
  }
}
FEEDLIGHT_KERNEL(smoke_wgmma_bytes)

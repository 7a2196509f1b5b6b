#include "feedlight.cuh"
#include "async_copy.cuh"
#include "ldmatrix.cuh"
#include "mma.cuh"
#include "mma_bytes.cuh"

// One kernel for each instruction of tensor cores and of copies, for a single warp. Fragments come
// straight from memory, element by element.

// d = d + a b: d 16 x 8, a 16 x 8 and b 8 x 8 floats, all row-major.
extern "C" __global__ void smoke_mma_tf32(float* d, const float* a, const float* b) {
  int group = (int)threadIdx.x / 4;
  int place = (int)threadIdx.x % 4;
  float sums[4];
  for (int i = 0; i < 4; i++) {
    sums[i] = d[8 * (group + i / 2 * 8) + 2 * place + i % 2];
  }
  unsigned left[4] = {
      __float_as_uint(a[8 * group + place]), __float_as_uint(a[8 * (group + 8) + place]),
      __float_as_uint(a[8 * group + place + 4]), __float_as_uint(a[8 * (group + 8) + place + 4])};
  unsigned right[2] = {
      __float_as_uint(b[8 * place + group]), __float_as_uint(b[8 * (place + 4) + group])};
  fl_mma_tf32(sums, left, right);
  for (int i = 0; i < 4; i++) {
    d[8 * (group + i / 2 * 8) + 2 * place + i % 2] = sums[i];
  }
}
FEEDLIGHT_KERNEL(smoke_mma_tf32)

// d = d + a b: d 16 x 8 floats; a 16 x 16 and b 16 x 8 floats that are bf16.
extern "C" __global__ void smoke_mma_bf16(float* d, const float* a, const float* b) {
  int group = (int)threadIdx.x / 4;
  int place = (int)threadIdx.x % 4;
  float sums[4];
  for (int i = 0; i < 4; i++) {
    sums[i] = d[8 * (group + i / 2 * 8) + 2 * place + i % 2];
  }
  unsigned left[4];
  for (int i = 0; i < 4; i++) {
    const float* two = a + 16 * (group + i % 2 * 8) + 2 * place + i / 2 * 8;
    left[i] = fl_bf16_pair(two[0], two[1]);
  }
  unsigned right[2];
  for (int i = 0; i < 2; i++) {
    const float* two = b + 8 * (2 * place + i * 8) + group;
    right[i] = fl_bf16_pair(two[0], two[8]);
  }
  fl_mma_bf16(sums, left, right);
  for (int i = 0; i < 4; i++) {
    d[8 * (group + i / 2 * 8) + 2 * place + i % 2] = sums[i];
  }
}
FEEDLIGHT_KERNEL(smoke_mma_bf16)

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

// Four matrices of 8 x 8, of which lane l keeps registers 4 l to 4 l + 3 of both results.
extern "C" __global__ void smoke_load_matrices(
    unsigned* plain, unsigned* transposed, const int* matrices) {
  FEEDLIGHT_DYNAMIC_SHARED(unsigned short, room);
  int lane = (int)threadIdx.x;
  for (int i = 0; i < 8; i++) {
    room[8 * lane + i] = (unsigned short)matrices[8 * lane + i];
  }
  __syncthreads();
  unsigned m[4];
  fl_ldmatrix_x4(m, room + 8 * lane);
  for (int i = 0; i < 4; i++) {
    plain[4 * lane + i] = m[i];
  }
  fl_ldmatrix_x4_trans(m, room + 8 * lane);
  for (int i = 0; i < 4; i++) {
    transposed[4 * lane + i] = m[i];
  }
}
FEEDLIGHT_KERNEL(smoke_load_matrices)

// Lane l copies `l % 5` floats of 4 as one piece, and float 4 l by itself if l is odd: before it
// waits (early), after it has waited for the older of two groups (middle), at the end (late).
extern "C" __global__ void smoke_copies(
    float* early, float* middle, float* late, const float* from) {
  FEEDLIGHT_DYNAMIC_SHARED(float, room);
  int lane = (int)threadIdx.x;
  float* own = room + 8 * lane;
  for (int i = 0; i < 8; i++) {
    own[i] = -1.0f;
  }
  fl_cp_async_16(own, from + 4 * lane, 4 * (lane % 5));
  fl_cp_async_commit();
  fl_cp_async_4(own + 4, from + 4 * lane, lane % 2 * 4);
  fl_cp_async_commit();
  for (int i = 0; i < 8; i++) {
    early[8 * lane + i] = own[i];
  }
  fl_cp_async_wait<1>();
  for (int i = 0; i < 8; i++) {
    middle[8 * lane + i] = own[i];
  }
  fl_cp_async_wait<0>();
  for (int i = 0; i < 8; i++) {
    late[8 * lane + i] = own[i];
  }
}
FEEDLIGHT_KERNEL(smoke_copies)

// Thread i rounds number i to tf32, and the numbers i and i + 1 to a pair of bf16.
extern "C" __global__ void smoke_round(unsigned* tf32, unsigned* pairs, const float* numbers) {
  int i = (int)threadIdx.x;
  tf32[i] = fl_tf32(numbers[i]);
  pairs[i] = fl_bf16_pair(numbers[i], numbers[i + 1]);
}
FEEDLIGHT_KERNEL(smoke_round)

// Wrong: a copy of 16 bytes from an address that is aligned to 4.
extern "C" __global__ void smoke_misaligned_copy(const float* from) {
  FEEDLIGHT_DYNAMIC_SHARED(float, room);
  fl_cp_async_16(room + 4 * threadIdx.x, from + 1, 16);
  fl_cp_async_commit();
  fl_cp_async_wait<0>();
}
FEEDLIGHT_KERNEL(smoke_misaligned_copy)

// Wrong: ends without having waited.
extern "C" __global__ void smoke_forgotten_copy(const float* from) {
  FEEDLIGHT_DYNAMIC_SHARED(float, room);
  fl_cp_async_4(room + threadIdx.x, from, 4);
  fl_cp_async_commit();
}
FEEDLIGHT_KERNEL(smoke_forgotten_copy)

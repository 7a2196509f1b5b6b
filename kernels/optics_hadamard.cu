#include "feedlight.cuh"
#include "optics.cuh"

// The field behind a structured matrix, T = R H D3 H D2 H D1 E / N, with the additions in the order
// of dev.feedlight.device.StructuredTransmission: strides 1, 2, 4, ... N / 2.
//
// A vector of N floats is cut into tiles of up to 4096. A first pass does the strides inside a
// tile, after it has brought the elements in with their signs; a second pass, only where N exceeds
// a tile, does the rest: its tiles hold every 4096th element, for a few neighbouring columns.

#define FL_HADAMARD_THREADS 256
#define FL_HADAMARD_TILE 4096
#define FL_BITS_PER_BLOCK 128

// Planes of random bits; see StructuredTransmission.Plane.
#define FL_PLANE_FIRST 1
#define FL_PLANE_SECOND 2
#define FL_PLANE_THIRD 3
#define FL_PLANE_TURN 4

// The bits of a plane for count elements from a multiple of 128 on, 32 in a word.
static __device__ inline void fl_plane_bits(
    unsigned* bits, unsigned long long key, int plane, long long first, int count) {
  int block = threadIdx.x;
  if (block * FL_BITS_PER_BLOCK < count) {
    uint4 words = fl_philox(
        key, (unsigned)(first / FL_BITS_PER_BLOCK + block), 0u, 0u, (unsigned)plane);
    bits[4 * block] = words.x;
    bits[4 * block + 1] = words.y;
    bits[4 * block + 2] = words.z;
    bits[4 * block + 3] = words.w;
  }
}

static __device__ inline unsigned fl_plane_bit(const unsigned* bits, int i) {
  return (bits[i / 32] >> (i % 32)) & 1u;
}

// The value with its sign flipped where the bit is 1, of a zero too.
static __device__ inline float fl_flip(float value, unsigned bit) {
  return __int_as_float(__float_as_int(value) ^ (int)(bit << 31));
}

// Butterflies of a tile for strides from the first on, up to half of it. Waits before and after.
static __device__ inline void fl_butterflies(float* tile, int count, int first_stride) {
  for (int stride = first_stride; stride < count; stride *= 2) {
    __syncthreads();
    for (int pair = threadIdx.x; pair < count / 2; pair += blockDim.x) {
      int low = 2 * pair - (pair & (stride - 1));
      float a = tile[low];
      float b = tile[low + stride];
      tile[low] = __fadd_rn(a, b);
      tile[low + stride] = __fsub_rn(a, b);
    }
  }
  __syncthreads();
}

static __device__ inline int fl_tile_size(long long size) {
  return size < FL_HADAMARD_TILE ? (int)size : FL_HADAMARD_TILE;
}

// v = H D1 E x inside tiles; x is the pattern itself where selected is 0, otherwise 1 where the
// pattern is that, 0 elsewhere.
//   v F32 samples x size, dense; pattern S8 or U8 samples x inputs
// Grid: samples size / min(size, 4096) blocks of 256 threads, tiles of a sample one after another.
extern "C" __global__ void __launch_bounds__(FL_HADAMARD_THREADS) fl_hadamard_first(
    float* v,
    const signed char* __restrict__ pattern,
    int selected,
    unsigned long long key,
    long long inputs,
    long long size,
    long long pattern_stride) {
  __shared__ float tile[FL_HADAMARD_TILE];
  __shared__ unsigned bits[FL_HADAMARD_TILE / 32];
  int count = fl_tile_size(size);
  long long tiles = size / count;
  long long sample = blockIdx.x / tiles;
  long long first = (blockIdx.x % tiles) * count;
  fl_plane_bits(bits, key, FL_PLANE_FIRST, first, count);
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    int x = 0;
    if (first + i < inputs) {
      x = pattern[sample * pattern_stride + first + i];
      if (selected != 0) {
        x = x == selected ? 1 : 0;
      }
    }
    tile[i] = (float)(fl_plane_bit(bits, i) != 0 ? -x : x);  // an integer: no -0
  }
  fl_butterflies(tile, count, 1);
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    v[sample * size + first + i] = tile[i];
  }
}
FEEDLIGHT_KERNEL(fl_hadamard_first)

// v = H D2 v inside tiles.
//   v F32 samples x size, dense, in place
// Grid: samples size / min(size, 4096) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(FL_HADAMARD_THREADS) fl_hadamard_second(
    float* v, unsigned long long key, long long size) {
  __shared__ float tile[FL_HADAMARD_TILE];
  __shared__ unsigned bits[FL_HADAMARD_TILE / 32];
  int count = fl_tile_size(size);
  long long tiles = size / count;
  long long sample = blockIdx.x / tiles;
  long long first = (blockIdx.x % tiles) * count;
  float* part = v + sample * size + first;
  fl_plane_bits(bits, key, FL_PLANE_SECOND, first, count);
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    tile[i] = fl_flip(part[i], fl_plane_bit(bits, i));
  }
  fl_butterflies(tile, count, 1);
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    part[i] = tile[i];
  }
}
FEEDLIGHT_KERNEL(fl_hadamard_second)

// parts = H D3 v / N inside tiles: the real parts of all samples, then the imaginary ones.
//   parts F32 2 samples x size, v F32 samples x size, both dense
// Grid: 2 samples size / min(size, 4096) blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(FL_HADAMARD_THREADS) fl_hadamard_third(
    float* parts,
    const float* __restrict__ v,
    unsigned long long key,
    long long samples,
    long long size) {
  __shared__ float tile[FL_HADAMARD_TILE];
  __shared__ unsigned flips[FL_HADAMARD_TILE / 32];
  __shared__ unsigned turns[FL_HADAMARD_TILE / 32];
  int count = fl_tile_size(size);
  long long tiles = size / count;
  long long vector = blockIdx.x / tiles;
  long long first = (blockIdx.x % tiles) * count;
  unsigned imaginary = vector >= samples ? 1u : 0u;
  const float* in = v + (vector % samples) * size + first;
  float scale = __fdiv_rn(1.0f, (float)size);
  fl_plane_bits(flips, key, FL_PLANE_THIRD, first, count);
  fl_plane_bits(turns, key, FL_PLANE_TURN, first, count);
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    float value = fl_flip(__fmul_rn(in[i], scale), fl_plane_bit(flips, i));
    tile[i] = fl_plane_bit(turns, i) == imaginary ? value : 0.0f;
  }
  fl_butterflies(tile, count, 1);
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    parts[vector * size + first + i] = tile[i];
  }
}
FEEDLIGHT_KERNEL(fl_hadamard_third)

// The strides of H from 4096 on.
//   v F32 vectors x size, dense, in place; size a multiple of 8192, at most 2^21
// Grid: vectors size / 4096 blocks of 256 threads.
extern "C" __global__ void __launch_bounds__(FL_HADAMARD_THREADS) fl_hadamard_rest(
    float* v, long long size) {
  __shared__ float tile[FL_HADAMARD_TILE];
  long long tiles = size / FL_HADAMARD_TILE;
  int columns = FL_HADAMARD_TILE / (int)tiles;
  float* part = v + (blockIdx.x / tiles) * size + (blockIdx.x % tiles) * columns;
  for (int i = threadIdx.x; i < FL_HADAMARD_TILE; i += blockDim.x) {
    tile[i] = part[(long long)(i / columns) * FL_HADAMARD_TILE + i % columns];
  }
  fl_butterflies(tile, FL_HADAMARD_TILE, columns);
  for (int i = threadIdx.x; i < FL_HADAMARD_TILE; i += blockDim.x) {
    part[(long long)(i / columns) * FL_HADAMARD_TILE + i % columns] = tile[i];
  }
}
FEEDLIGHT_KERNEL(fl_hadamard_rest)

// R: real[i], imaginary[i] = elements of parts with the numbers of the pixels; NaN where a number is
// not below the size, which nobody could check before.
//   real, imaginary F32 samples x outputs; parts F32 2 samples x size, dense
//   numbers S32 1 x outputs or null: from first_pixel on in order
// Grid: one thread for each sample and output, blocks of 256.
extern "C" __global__ void fl_hadamard_gather(
    float* real,
    float* imaginary,
    const float* __restrict__ parts,
    const int* __restrict__ numbers,
    long long first_pixel,
    long long samples,
    long long outputs,
    long long size,
    long long field_stride) {
  long long sample = fl_element() / outputs;
  long long output = fl_element() % outputs;
  if (sample < samples) {
    long long pixel = fl_pixel(numbers, first_pixel, output);
    bool there = pixel >= 0 && pixel < size;
    float nothing = __int_as_float(0x7FC00000);
    long long at = sample * field_stride + output;
    real[at] = there ? parts[sample * size + pixel] : nothing;
    imaginary[at] = there ? parts[(samples + sample) * size + pixel] : nothing;
  }
}
FEEDLIGHT_KERNEL(fl_hadamard_gather)

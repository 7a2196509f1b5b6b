#include "feedlight.cuh"
#include "philox.cuh"

// Constants and random numbers.

// target[i] = value
// target: count floats, contiguous
// grid ceil(count / 256) up to 65535 blocks, block 256; threads stride over the rest
extern "C" __global__ void fl_fill(float* target, float value, long long count) {
  long long step = (long long)gridDim.x * blockDim.x;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
    target[i] = value;
  }
}
FEEDLIGHT_KERNEL(fl_fill)

// target[i] = law(word i & 3 of the Philox block (i / 4 low, i / 4 high, 0, 0)) * scale
// target: count floats, contiguous; normal: NormalTable's 4096 floats (null for the uniform law)
// distribution: 0 uniform in [-1, 1), 1 normal
// grid ceil(count / 1024) up to 65535 blocks, block 256: a thread makes the 4 numbers of a block
extern "C" __global__ void fl_random_fill(
    float* target,
    const float* __restrict__ normal,
    int distribution,
    float scale,
    unsigned long long key,
    long long count) {
  long long blocks = (count + 3) / 4;
  long long step = (long long)gridDim.x * blockDim.x;
  for (long long b = (long long)blockIdx.x * blockDim.x + threadIdx.x; b < blocks; b += step) {
    uint4 words = fl_philox(key, (unsigned)b, (unsigned)(b >> 32), 0u, 0u);
    for (int j = 0; j < 4 && 4 * b + j < count; j++) {
      unsigned word = fl_word(words, j);
      float law = distribution == 0
                      ? __fsub_rn(__fmul_rn((float)(word >> 8), 1.1920928955078125e-7f), 1.0f)
                      : normal[word >> FL_NORMAL_SHIFT];
      target[4 * b + j] = __fmul_rn(law, scale);
    }
  }
}
FEEDLIGHT_KERNEL(fl_random_fill)

#include "feedlight.cuh"
#include "philox.cuh"

// What the stand-ins for cuBLAS and cuRAND launch; in no jar.

// C = alpha op(A) op(B) + beta C, column-major as BLAS has it: op transposes where its flag is not 0;
// C is not read where beta is 0. Products are added in the order of the inner index.
//   C: m x n; op(A): m x k; op(B): k x n; strides from column to column
// Grid: one thread for each element, blocks of 256.
extern "C" __global__ void __launch_bounds__(256) standin_sgemm(
    float* c,
    const float* __restrict__ a,
    const float* __restrict__ b,
    int transpose_a,
    int transpose_b,
    float alpha,
    float beta,
    long long m,
    long long n,
    long long k,
    long long c_stride,
    long long a_stride,
    long long b_stride) {
  long long element = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  long long row = element % m;
  long long column = element / m;
  if (column < n) {
    const float* left = a + (transpose_a != 0 ? row * a_stride : row);
    const float* right = b + (transpose_b != 0 ? column : column * b_stride);
    long long left_step = transpose_a != 0 ? 1 : a_stride;
    long long right_step = transpose_b != 0 ? b_stride : 1;
    float sum = 0.0f;
    for (long long i = 0; i < k; i++) {
      sum = fmaf(left[i * left_step], right[i * right_step], sum);
    }
    float* place = c + column * c_stride + row;
    *place = beta == 0.0f ? alpha * sum : alpha * sum + beta * *place;
  }
}
FEEDLIGHT_KERNEL(standin_sgemm)

// C = A^T B, column-major, of bf16 into fp32, or of signed bytes into integers where `bytes` is 1.
//   C: m x n; A: k x m; B: k x n; strides from column to column
// Grid: one thread for each element, blocks of 256.
extern "C" __global__ void __launch_bounds__(256) standin_narrow_gemm(
    void* c,
    const void* a,
    const void* b,
    int bytes,
    long long m,
    long long n,
    long long k,
    long long c_stride,
    long long a_stride,
    long long b_stride) {
  long long element = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  long long row = element % m;
  long long column = element / m;
  if (column >= n) {
    return;
  }
  if (bytes != 0) {
    const signed char* left = static_cast<const signed char*>(a) + row * a_stride;
    const signed char* right = static_cast<const signed char*>(b) + column * b_stride;
    int sum = 0;
    for (long long i = 0; i < k; i++) {
      sum += left[i] * right[i];
    }
    static_cast<int*>(c)[column * c_stride + row] = sum;
  } else {
    const unsigned short* left = static_cast<const unsigned short*>(a) + row * a_stride;
    const unsigned short* right = static_cast<const unsigned short*>(b) + column * b_stride;
    float sum = 0.0f;
    for (long long i = 0; i < k; i++) {
      float l = __uint_as_float((unsigned)left[i] << 16);
      sum = fmaf(l, __uint_as_float((unsigned)right[i] << 16), sum);
    }
    static_cast<float*>(c)[column * c_stride + row] = sum;
  }
}
FEEDLIGHT_KERNEL(standin_narrow_gemm)

// out[i] = mean + deviation times number offset + i of a sequence of normal deviates: Box and Muller
// on the words of Philox block (number / 4, number / 2^34, 2, 0), two words for two numbers. These
// are not the bits of cuRAND.
//   out: n
// Grid: one thread for each number, blocks of 256.
extern "C" __global__ void __launch_bounds__(256) standin_normals(
    float* out,
    unsigned long long seed,
    unsigned long long offset,
    float mean,
    float deviation,
    long long n) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    unsigned long long number = offset + (unsigned long long)i;
    unsigned long long block = number / 4;
    uint4 words = fl_philox(seed, (unsigned)block, (unsigned)(block >> 32), 2u, 0u);
    bool second = (number & 2) != 0;
    double u = ((double)(second ? words.z : words.x) + 1.0) * 0x1p-32;
    double v = (double)(second ? words.w : words.y) * 0x1p-32;
    double angle = 2.0 * 3.141592653589793 * v;
    double deviate = sqrt(-2.0 * log(u)) * ((number & 1) != 0 ? sin(angle) : cos(angle));
    out[i] = (float)((double)mean + (double)deviation * deviate);
  }
}
FEEDLIGHT_KERNEL(standin_normals)

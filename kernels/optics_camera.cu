#include "feedlight.cuh"
#include "optics.cuh"

// The camera by itself. Fields are S32, or F32 where float_fields is 1, real and imaginary
// parts apart. Sensitivity and offset are the rows of PixelMap's response, or both null.

// The same four bytes as an exact integer or as a float.
template <typename Part>
static __device__ inline Part fl_part(int word);

template <>
__device__ inline long long fl_part<long long>(int word) {
  return word;
}

template <>
__device__ inline float fl_part<float>(int word) {
  return __int_as_float(word);
}

template <typename Part>
static __device__ inline float fl_intensity(int real, int imaginary) {
  Part re = fl_part<Part>(real);
  Part im = fl_part<Part>(imaginary);
  return fl_against(re, im, re, im);
}

// counts = camera(|field|^2); the noise is word frame & 3 of Philox (pixel, projection + row,
// frame / 4).
//   counts F32 rows x outputs; real, imaginary S32 or F32 rows x outputs
//   numbers S32, sensitivity and offset F32 1 x outputs or null; normal F32 4096 deviates
// Grid: one thread for each row and output, blocks of 256.
extern "C" __global__ void fl_camera_expose(
    float* counts,
    const int* __restrict__ real,
    const int* __restrict__ imaginary,
    const int* __restrict__ numbers,
    const float* __restrict__ sensitivity,
    const float* __restrict__ offset,
    const float* __restrict__ normal,
    int float_fields,
    float gain,
    float read_noise,
    float shot_noise,
    float dark_offset,
    int quantised,
    float max_count,
    unsigned long long key,
    long long projection,
    int frame,
    long long rows,
    long long outputs,
    long long counts_stride,
    long long field_stride) {
  long long row = fl_element() / outputs;
  long long output = fl_element() % outputs;
  if (row < rows) {
    FlCamera camera = {
        gain, read_noise, shot_noise, dark_offset, quantised, max_count, sensitivity, offset};
    long long at = row * field_stride + output;
    float intensity = float_fields
        ? fl_intensity<float>(real[at], imaginary[at])
        : fl_intensity<long long>(real[at], imaginary[at]);
    unsigned word = 0;
    if (fl_noisy(camera)) {
      int pixel = fl_pixel(numbers, 0, output);
      word = fl_word(fl_camera_words(key, pixel, projection + row, frame >> 2), frame & 3);
    }
    counts[row * counts_stride + output] =
        fl_camera_count(camera, intensity, output, normal, word);
  }
}
FEEDLIGHT_KERNEL(fl_camera_expose)

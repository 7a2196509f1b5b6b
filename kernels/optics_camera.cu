#include "feedlight.cuh"
#include "control.cuh"
#include "optics.cuh"

// The camera and the read-out. Fields are S32, or F32 where float_fields is 1, real and imaginary
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

// What the read-out needs of the fields of one pixel.
struct FlLights {
  float positive;      // I(P)
  float not_positive;  // I(1 - P)
  float negative;      // I(N)
  float not_negative;  // I(1 - N)
  float anchor;        // I(1)
  float product;       // Re(conj(T 1) (T P - T N))
};

template <typename Part>
static __device__ inline FlLights fl_lights(int pr, int pi, int nr, int ni, int ar, int ai) {
  Part p_re = fl_part<Part>(pr);
  Part p_im = fl_part<Part>(pi);
  Part n_re = fl_part<Part>(nr);
  Part n_im = fl_part<Part>(ni);
  Part a_re = fl_part<Part>(ar);
  Part a_im = fl_part<Part>(ai);
  Part np_re = fl_minus(a_re, p_re);
  Part np_im = fl_minus(a_im, p_im);
  Part nn_re = fl_minus(a_re, n_re);
  Part nn_im = fl_minus(a_im, n_im);
  FlLights lights;
  lights.positive = fl_against(p_re, p_im, p_re, p_im);
  lights.not_positive = fl_against(np_re, np_im, np_re, np_im);
  lights.negative = fl_against(n_re, n_im, n_re, n_im);
  lights.not_negative = fl_against(nn_re, nn_im, nn_re, nn_im);
  lights.anchor = fl_against(a_re, a_im, a_re, a_im);
  lights.product = fl_against(a_re, a_im, fl_minus(p_re, n_re), fl_minus(p_im, n_im));
  return lights;
}

// The linear read-out of ternary vectors, in the order of ReadOut:
//   d = sqrt(max(c(1), floor)), y = (c(P) - c(1-P) - c(N) + c(1-N)) / (2 d),
//   y = y - ((#P - #N) / inputs) d where the bias is removed, signal = y unit row_scale[sample];
//   where ideal is 1, from exact fields: d of I(1) gain, y = Re(conj(T 1) (T P - T N)) gain / d.
// The noise of the four frames is one block of Philox (pixel, projection of the sample, 0).
//   signal F32 samples x outputs; fields S32 or F32 samples x outputs; anchor 1 x outputs, like the
//   fields; anchor_counts F32 1 x outputs; numbers S32, sensitivity and offset F32 1 x outputs or
//   null; normal F32 4096 deviates; counts S32 samples x 2; row_scale F32 1 x samples
//   first_sample and first_pixel: what comes before these samples and outputs
// Grid: one thread for each sample and output, blocks of 256.
extern "C" __global__ void fl_speckle_project(
    float* signal,
    const int* __restrict__ positive_real,
    const int* __restrict__ positive_imaginary,
    const int* __restrict__ negative_real,
    const int* __restrict__ negative_imaginary,
    const int* __restrict__ anchor_real,
    const int* __restrict__ anchor_imaginary,
    const float* __restrict__ anchor_counts,
    const int* __restrict__ numbers,
    const float* __restrict__ sensitivity,
    const float* __restrict__ offset,
    const float* __restrict__ normal,
    const int* __restrict__ counts,
    const float* __restrict__ row_scale,
    const unsigned char* __restrict__ control,
    int float_fields,
    int ideal,
    float gain,
    float read_noise,
    float shot_noise,
    float dark_offset,
    int quantised,
    float max_count,
    float anchor_floor,
    int remove_bias,
    float unit,
    unsigned long long key,
    long long first_sample,
    long long first_pixel,
    long long samples,
    long long outputs,
    long long inputs,
    long long signal_stride,
    long long field_stride,
    long long counts_stride) {
  long long sample = fl_element() / outputs;
  long long output = fl_element() % outputs;
  if (sample < samples) {
    FlCamera camera = {
        gain, read_noise, shot_noise, dark_offset, quantised, max_count, sensitivity, offset};
    long long at = sample * field_stride + output;
    int pr = positive_real[at];
    int pi = positive_imaginary[at];
    int nr = negative_real[at];
    int ni = negative_imaginary[at];
    int ar = anchor_real[output];
    int ai = anchor_imaginary[output];
    FlLights lights = float_fields ? fl_lights<float>(pr, pi, nr, ni, ar, ai)
                                   : fl_lights<long long>(pr, pi, nr, ni, ar, ai);
    float brightness = ideal ? __fmul_rn(lights.anchor, gain) : anchor_counts[output];
    float d = __fsqrt_rn(brightness <= anchor_floor ? anchor_floor : brightness);
    float y = 0.0f;
    if (d == 0.0f) {
      // A pixel that the anchor leaves dark says nothing.
    } else if (ideal) {
      y = __fdiv_rn(__fmul_rn(lights.product, gain), d);
    } else {
      uint4 words = make_uint4(0u, 0u, 0u, 0u);
      if (fl_noisy(camera)) {
        int pixel = fl_pixel(numbers, first_pixel, output);
        long long projection = fl_control_projection(control) + first_sample + sample;
        words = fl_camera_words(key, pixel, projection, 0);
      }
      float p = fl_camera_count(camera, lights.positive, output, normal, words.x);
      float not_p = fl_camera_count(camera, lights.not_positive, output, normal, words.y);
      float n = fl_camera_count(camera, lights.negative, output, normal, words.z);
      float not_n = fl_camera_count(camera, lights.not_negative, output, normal, words.w);
      float numerator = __fadd_rn(__fsub_rn(__fsub_rn(p, not_p), n), not_n);
      y = __fdiv_rn(numerator, __fmul_rn(2.0f, d));
    }
    if (remove_bias) {
      int difference = counts[sample * counts_stride] - counts[sample * counts_stride + 1];
      float imbalance = __fdiv_rn((float)difference, (float)inputs);
      y = __fsub_rn(y, __fmul_rn(imbalance, d));
    }
    signal[sample * signal_stride + output] =
        __fmul_rn(__fmul_rn(y, unit), row_scale[sample]);
  }
}
FEEDLIGHT_KERNEL(fl_speckle_project)

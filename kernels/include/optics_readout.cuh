// The linear read-out of ternary vectors, in the order of dev.feedlight.device.ReadOut:
//   d = sqrt(max(c(1), floor)), y = (c(P) - c(1-P) - c(N) + c(1-N)) / (2 d),
//   y = y - ((#P - #N) / inputs) d where the bias is removed, signal = y unit row_scale[sample];
//   where ideal is 1, from exact fields: d of I(1) gain, y = Re(conj(T 1) (T P - T N)) gain / d.
// The noise of the four frames is one block of Philox (pixel, projection of the sample, 0).
#pragma once

#include "control.cuh"
#include "optics.cuh"

// What arithmetic on fields is done in: fields of integers in 64 bits.
template <typename Field>
struct FlWide {
  typedef Field type;
};

template <>
struct FlWide<int> {
  typedef long long type;
};

// One argument of every kernel that ends in a read-out: each member has eight bytes, as
// dev.feedlight.device.cuda.Arguments.struct lays them out. Field is int or float.
//   signal F32 samples x outputs; anchor_real, anchor_imaginary Field 1 x outputs;
//   anchor_counts F32 1 x outputs; numbers S32, sensitivity and offset F32 1 x outputs or null;
//   normal F32 4096 deviates; counts S32 samples x 2; row_scale F32 1 x samples
//   first_sample and first_pixel: what comes before these samples and outputs
template <typename Field>
struct FlReadOut {
  alignas(8) float* signal;
  alignas(8) const Field* anchor_real;
  alignas(8) const Field* anchor_imaginary;
  alignas(8) const float* anchor_counts;
  alignas(8) const int* numbers;
  alignas(8) const float* sensitivity;
  alignas(8) const float* offset;
  alignas(8) const float* normal;
  alignas(8) const int* counts;
  alignas(8) const float* row_scale;
  alignas(8) const unsigned char* control;
  alignas(8) int ideal;
  alignas(8) float gain;
  alignas(8) float read_noise;
  alignas(8) float shot_noise;
  alignas(8) float dark_offset;
  alignas(8) int quantised;
  alignas(8) float max_count;
  alignas(8) float anchor_floor;
  alignas(8) int remove_bias;
  alignas(8) float unit;
  alignas(8) unsigned long long key;
  alignas(8) long long first_sample;
  alignas(8) long long first_pixel;
  alignas(8) long long inputs;
  alignas(8) long long signal_stride;
  alignas(8) long long counts_stride;
};

static_assert(sizeof(FlReadOut<int>) == 27 * 8, "eight bytes for each member");

// What all samples of an output share.
template <typename Field>
struct FlAnchor {
  typename FlWide<Field>::type real;
  typename FlWide<Field>::type imaginary;
  float d;
};

template <typename Field>
__device__ inline FlAnchor<Field> fl_anchor(const FlReadOut<Field>& r, long long output) {
  FlAnchor<Field> anchor;
  anchor.real = r.anchor_real[output];
  anchor.imaginary = r.anchor_imaginary[output];
  float brightness = r.anchor_counts[output];
  if (r.ideal) {
    float intensity = fl_against(anchor.real, anchor.imaginary, anchor.real, anchor.imaginary);
    brightness = __fmul_rn(intensity, r.gain);
  }
  anchor.d = __fsqrt_rn(brightness <= r.anchor_floor ? r.anchor_floor : brightness);
  return anchor;
}

// Writes the signal of y. A pixel that the anchor leaves dark says nothing.
template <typename Field>
__device__ inline void fl_signal(
    const FlReadOut<Field>& r,
    const FlAnchor<Field>& anchor,
    long long sample,
    long long output,
    float y) {
  if (r.remove_bias) {
    const int* counts = r.counts + sample * r.counts_stride;
    float imbalance = __fdiv_rn((float)(counts[0] - counts[1]), (float)r.inputs);
    y = __fsub_rn(y, __fmul_rn(imbalance, anchor.d));
  }
  r.signal[sample * r.signal_stride + output] =
      __fmul_rn(__fmul_rn(y, r.unit), r.row_scale[sample]);
}

// The exact form, from T P - T N.
template <typename Field>
__device__ inline void fl_read_exactly(
    const FlReadOut<Field>& r,
    const FlAnchor<Field>& anchor,
    long long sample,
    long long output,
    typename FlWide<Field>::type real,
    typename FlWide<Field>::type imaginary) {
  float y = 0.0f;
  if (anchor.d != 0.0f) {
    float product = fl_against(anchor.real, anchor.imaginary, real, imaginary);
    y = __fdiv_rn(__fmul_rn(product, r.gain), anchor.d);
  }
  fl_signal(r, anchor, sample, output, y);
}

// By four frames, from T P and T N: the fields of 1 - P and 1 - N are the anchor's less those.
template <typename Field>
__device__ inline void fl_read_frames(
    const FlReadOut<Field>& r,
    const FlAnchor<Field>& anchor,
    long long sample,
    long long output,
    typename FlWide<Field>::type p_real,
    typename FlWide<Field>::type p_imaginary,
    typename FlWide<Field>::type n_real,
    typename FlWide<Field>::type n_imaginary) {
  typedef typename FlWide<Field>::type Wide;
  float y = 0.0f;
  if (anchor.d != 0.0f) {
    FlCamera camera = {
        r.gain,
        r.read_noise,
        r.shot_noise,
        r.dark_offset,
        r.quantised,
        r.max_count,
        r.sensitivity,
        r.offset};
    uint4 words = make_uint4(0u, 0u, 0u, 0u);
    if (fl_noisy(camera)) {
      int pixel = fl_pixel(r.numbers, r.first_pixel, output);
      long long projection = fl_control_projection(r.control) + r.first_sample + sample;
      words = fl_camera_words(r.key, pixel, projection, 0);
    }
    auto count = [&](Wide real, Wide imaginary, unsigned word) {
      float intensity = fl_against(real, imaginary, real, imaginary);
      return fl_camera_count(camera, intensity, output, r.normal, word);
    };
    float p = count(p_real, p_imaginary, words.x);
    float not_p = count(
        fl_minus(anchor.real, p_real), fl_minus(anchor.imaginary, p_imaginary), words.y);
    float n = count(n_real, n_imaginary, words.z);
    float not_n = count(
        fl_minus(anchor.real, n_real), fl_minus(anchor.imaginary, n_imaginary), words.w);
    float numerator = __fadd_rn(__fsub_rn(__fsub_rn(p, not_p), n), not_n);
    y = __fdiv_rn(numerator, __fmul_rn(2.0f, anchor.d));
  }
  fl_signal(r, anchor, sample, output, y);
}

// Either of them, where both fields are there.
template <typename Field>
__device__ inline void fl_read_out(
    const FlReadOut<Field>& r,
    const FlAnchor<Field>& anchor,
    long long sample,
    long long output,
    typename FlWide<Field>::type p_real,
    typename FlWide<Field>::type p_imaginary,
    typename FlWide<Field>::type n_real,
    typename FlWide<Field>::type n_imaginary) {
  if (r.ideal) {
    fl_read_exactly(
        r, anchor, sample, output, fl_minus(p_real, n_real), fl_minus(p_imaginary, n_imaginary));
  } else {
    fl_read_frames(r, anchor, sample, output, p_real, p_imaginary, n_real, n_imaginary);
  }
}

#include "mlp.cuh"
#include "mma.cuh"

// The forward pass of narrow nets, operands rounded to tf32 or bf16: sm_80 and later, as the
// layers by themselves. Products are fp32 all the same: at this size weights cannot come fast
// enough for tensor cores to matter.

struct FlToTf32 {
  __device__ static float4 operands(const float4& v) {
    return make_float4(
        __uint_as_float(fl_tf32(v.x)),
        __uint_as_float(fl_tf32(v.y)),
        __uint_as_float(fl_tf32(v.z)),
        __uint_as_float(fl_tf32(v.w)));
  }
};

struct FlToBf16 {
  __device__ static float4 operands(const float4& v) {
    unsigned front = fl_bf16_pair(v.x, v.y);
    unsigned back = fl_bf16_pair(v.z, v.w);
    return make_float4(
        __uint_as_float(front << 16),
        __uint_as_float(front & 0xFFFF0000u),
        __uint_as_float(back << 16),
        __uint_as_float(back & 0xFFFF0000u));
  }
};

FL_MLP_FORWARD(fl_mlp_forward_tf32, FlToTf32)
FL_MLP_FORWARD(fl_mlp_forward_bf16, FlToBf16)

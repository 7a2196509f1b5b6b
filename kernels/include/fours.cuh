// Four neighbouring numbers of a row at a time, the last of which a row may not have.
#pragma once

#include "feedlight.cuh"

// `inside` numbers from an address, at most 4, and zeros; `wide` if one load may take all four.
__device__ inline float4 fl_four(const float* at, int inside, bool wide) {
  if (wide && inside == 4) {
    return *reinterpret_cast<const float4*>(at);
  }
  return make_float4(
      inside > 0 ? at[0] : 0.0f,
      inside > 1 ? at[1] : 0.0f,
      inside > 2 ? at[2] : 0.0f,
      inside > 3 ? at[3] : 0.0f);
}

// Whether every fourth number of every row may be loaded with its three neighbours at once.
__device__ inline bool fl_wide(const float* data, long long stride) {
  return (reinterpret_cast<unsigned long long>(data) % 16 == 0) && stride % 4 == 0;
}

// Whether the first `inside` of four are neither NaN nor infinite.
__device__ inline bool fl_finite(const float4& v, int inside) {
  return isfinite(v.x) && (inside < 2 || isfinite(v.y)) && (inside < 3 || isfinite(v.z))
         && (inside < 4 || isfinite(v.w));
}

// `inside` numbers to an address; `wide` if one store may put all four.
__device__ inline void fl_put_four(float* at, const float4& v, int inside, bool wide) {
  if (wide && inside == 4) {
    *reinterpret_cast<float4*>(at) = v;
    return;
  }
  at[0] = v.x;
  if (inside > 1) {
    at[1] = v.y;
  }
  if (inside > 2) {
    at[2] = v.z;
  }
  if (inside > 3) {
    at[3] = v.w;
  }
}

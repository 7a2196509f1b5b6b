// Where the gradient of one element goes, in fp32: one step of the optimizer, by the rules of
// dev.feedlight.device.Optimizer, or a kept gradient.
#pragma once

#include "control.cuh"
#include "fours.cuh"

#define FL_SGD 0
#define FL_MOMENTUM 1
#define FL_ADAM 2
#define FL_ADAMW 3

// What a launch knows of the rule. The learning rate includes the factor of the parameter's group;
// decay is 0 for groups without. beta1 is the momentum of FL_MOMENTUM.
struct FlOptimizer {
  int rule;
  float rate;
  float decay;
  float beta1;
  float beta2;
  float epsilon;
  float correction1;
  float correction2;
};

__device__ inline FlOptimizer fl_optimizer(
    const unsigned char* control,
    int rule,
    float rate_factor,
    float decay,
    float beta1,
    float beta2,
    float epsilon) {
  FlOptimizer optimizer;
  optimizer.rule = rule;
  optimizer.rate = fl_control_rate(control) * rate_factor;
  optimizer.decay = decay;
  optimizer.beta1 = beta1;
  optimizer.beta2 = beta2;
  optimizer.epsilon = epsilon;
  optimizer.correction1 = fl_control_correction1(control);
  optimizer.correction2 = fl_control_correction2(control);
  return optimizer;
}

//   gradient  g = g + decay w                     not for AdamW
//   SGD       w = w - rate g
//   momentum  m = beta1 m + g;  w = w - rate m
//   Adam      m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g g
//             w = w kept - rate correction1 m / (sqrt(v correction2) + epsilon)
//             kept = 1 - rate decay for AdamW, else 1
__device__ inline float fl_sgd_step(const FlOptimizer& o, float w, float g) {
  g = g + o.decay * w;
  return w - o.rate * g;
}

__device__ inline float fl_momentum_step(const FlOptimizer& o, float w, float& m, float g) {
  g = g + o.decay * w;
  m = o.beta1 * m + g;
  return w - o.rate * m;
}

// Adam's state, and then the weight.
__device__ inline void fl_adam_moments(
    const FlOptimizer& o, float w, float& m, float& v, float g) {
  if (o.rule != FL_ADAMW) {
    g = g + o.decay * w;
  }
  m = o.beta1 * m + (1.0f - o.beta1) * g;
  v = o.beta2 * v + (1.0f - o.beta2) * (g * g);
}

__device__ inline float fl_adam_weight(const FlOptimizer& o, float w, float m, float v) {
  float kept = o.rule == FL_ADAMW ? 1.0f - o.rate * o.decay : 1.0f;
  float root = sqrtf(v * o.correction2) + o.epsilon;
  return w * kept - o.rate * o.correction1 * m / root;
}

// By the rule, for a weight and state in registers; what the rule does not keep stays as it is.
__device__ inline float fl_any_step(const FlOptimizer& o, float w, float& m, float& v, float g) {
  if (o.rule == FL_SGD) {
    return fl_sgd_step(o, w, g);
  }
  if (o.rule == FL_MOMENTUM) {
    return fl_momentum_step(o, w, m, g);
  }
  fl_adam_moments(o, w, m, v, g);
  return fl_adam_weight(o, w, m, v);
}

// The same for weight i in memory.
__device__ inline void fl_optimizer_step(
    const FlOptimizer& o, float* value, float* moment1, float* moment2, long long i, float g) {
  float w = value[i];
  if (o.rule == FL_SGD) {
    value[i] = fl_sgd_step(o, w, g);
    return;
  }
  float m = moment1[i];
  if (o.rule == FL_MOMENTUM) {
    value[i] = fl_momentum_step(o, w, m, g);
    moment1[i] = m;
    return;
  }
  float v = moment2[i];
  fl_adam_moments(o, w, m, v, g);
  moment1[i] = m;
  moment2[i] = v;
  value[i] = fl_adam_weight(o, w, m, v);
}

// A parameter, dense in memory, with its state: null where the rule keeps none.
struct FlParameter {
  float* value;
  float* moment1;
  float* moment2;

  // As fl_wide, for all of it.
  __device__ bool wide(long long columns) const {
    return fl_wide(value, columns) && fl_wide(moment1, columns) && fl_wide(moment2, columns);
  }
};

// How many moments a rule keeps.
__device__ inline int fl_states(int rule) {
  return rule == FL_SGD ? 0 : rule == FL_MOMENTUM ? 1 : 2;
}

// Four neighbouring weights with so many moments.
struct FlFourWeights {
  float4 value;
  float4 moment1;
  float4 moment2;

  __device__ void load(const FlParameter& p, int states, long long at, int inside, bool wide) {
    value = fl_four(p.value + at, inside, wide);
    if (states > 0) {
      moment1 = fl_four(p.moment1 + at, inside, wide);
    }
    if (states > 1) {
      moment2 = fl_four(p.moment2 + at, inside, wide);
    }
  }

  __device__ void take(const FlOptimizer& o, const float4& g) {
    value.x = fl_any_step(o, value.x, moment1.x, moment2.x, g.x);
    value.y = fl_any_step(o, value.y, moment1.y, moment2.y, g.y);
    value.z = fl_any_step(o, value.z, moment1.z, moment2.z, g.z);
    value.w = fl_any_step(o, value.w, moment1.w, moment2.w, g.w);
  }

  __device__ void store(
      const FlParameter& p, int states, long long at, int inside, bool wide) const {
    fl_put_four(p.value + at, value, inside, wide);
    if (states > 0) {
      fl_put_four(p.moment1 + at, moment1, inside, wide);
    }
    if (states > 1) {
      fl_put_four(p.moment2 + at, moment2, inside, wide);
    }
  }
};

// A kept gradient. Beta 0 overwrites: what was there, NaN included, must not matter.
__device__ inline void fl_accumulate(float* gradient, long long i, float beta, float sum) {
  gradient[i] = beta == 0.0f ? sum : beta * gradient[i] + sum;
}

// The same for four neighbours.
__device__ inline void fl_accumulate_four(
    float* gradient, long long i, float beta, float4 sum, int inside, bool wide) {
  if (beta != 0.0f) {
    float4 old = fl_four(gradient + i, inside, wide);
    sum = make_float4(
        beta * old.x + sum.x, beta * old.y + sum.y, beta * old.z + sum.z, beta * old.w + sum.w);
  }
  fl_put_four(gradient + i, sum, inside, wide);
}

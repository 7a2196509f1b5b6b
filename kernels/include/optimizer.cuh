// Where the gradient of one element goes, in fp32: one step of the optimizer, by the rules of
// dev.feedlight.device.Optimizer, or a kept gradient.
#pragma once

#include "control.cuh"

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

// A weight with its state; what the rule does not keep is 0.
struct FlWeight {
  float value;
  float moment1;
  float moment2;
};

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

__device__ inline FlWeight fl_optimizer_next(const FlOptimizer& o, FlWeight w, float g) {
  if (o.rule == FL_SGD) {
    w.value = fl_sgd_step(o, w.value, g);
    return w;
  }
  if (o.rule != FL_ADAMW) {
    g = g + o.decay * w.value;
  }
  if (o.rule == FL_MOMENTUM) {
    w.moment1 = o.beta1 * w.moment1 + g;
    w.value = w.value - o.rate * w.moment1;
    return w;
  }
  w.moment1 = o.beta1 * w.moment1 + (1.0f - o.beta1) * g;
  w.moment2 = o.beta2 * w.moment2 + (1.0f - o.beta2) * (g * g);
  float kept = o.rule == FL_ADAMW ? 1.0f - o.rate * o.decay : 1.0f;
  float root = sqrtf(w.moment2 * o.correction2) + o.epsilon;
  w.value = w.value * kept - o.rate * o.correction1 * w.moment1 / root;
  return w;
}

// The same for weight i in memory.
__device__ inline void fl_optimizer_step(
    const FlOptimizer& o, float* value, float* moment1, float* moment2, long long i, float g) {
  FlWeight w;
  w.value = value[i];
  w.moment1 = o.rule == FL_SGD ? 0.0f : moment1[i];
  w.moment2 = o.rule == FL_SGD || o.rule == FL_MOMENTUM ? 0.0f : moment2[i];
  w = fl_optimizer_next(o, w, g);
  value[i] = w.value;
  if (o.rule != FL_SGD) {
    moment1[i] = w.moment1;
  }
  if (o.rule != FL_SGD && o.rule != FL_MOMENTUM) {
    moment2[i] = w.moment2;
  }
}

// A kept gradient. Beta 0 overwrites: what was there, NaN included, must not matter.
__device__ inline void fl_accumulate(float* gradient, long long i, float beta, float sum) {
  gradient[i] = beta == 0.0f ? sum : beta * gradient[i] + sum;
}

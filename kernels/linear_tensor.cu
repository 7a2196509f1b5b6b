#include "linear.cuh"
#include "tile_tensor.cuh"

// The products of linear.cu by tensor cores, operands rounded to tf32 or bf16: sm_80 and later.

FL_LINEAR_FORWARD(fl_linear_forward_tf32, FlTensorProduct<FlTf32>)
FL_LINEAR_FORWARD(fl_linear_forward_bf16, FlTensorProduct<FlBf16>)
FL_LINEAR_BACKWARD_INPUT(fl_linear_backward_input_tf32, FlTensorProduct<FlTf32>)
FL_LINEAR_BACKWARD_INPUT(fl_linear_backward_input_bf16, FlTensorProduct<FlBf16>)

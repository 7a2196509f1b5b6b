#include "tile_tensor.cuh"
#include "update.cuh"

// The updates of update.cu by tensor cores, x and the masked signal rounded to tf32 or bf16: sm_80
// and later. Biases take the signal as it is: those of update.cu.

FL_LINEAR_UPDATE(fl_linear_update_tf32, FlTensorProduct<FlTf32>)
FL_LINEAR_UPDATE(fl_linear_update_bf16, FlTensorProduct<FlBf16>)
FL_LINEAR_UPDATES(fl_linear_updates_tf32, FlTensorProduct<FlTf32>)
FL_LINEAR_UPDATES(fl_linear_updates_bf16, FlTensorProduct<FlBf16>)

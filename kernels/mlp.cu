#include "mlp.cuh"

// The forward pass of narrow nets in fp32.

FL_MLP_FORWARD(fl_mlp_forward, FlAsItIs)

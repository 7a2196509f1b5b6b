#include "few.cuh"

// Dense layers for one sample, and for up to eight.

FL_FEW_FORWARD(fl_linear_forward_one, 1)
FL_FEW_FORWARD(fl_linear_forward_few, FL_FEW)
FL_FEW_BACKWARD(fl_linear_backward_one, 1)
FL_FEW_BACKWARD(fl_linear_backward_few, FL_FEW)
FL_FEW_UPDATES(fl_linear_updates_one, 1)
FL_FEW_UPDATES(fl_linear_updates_few, FL_FEW)

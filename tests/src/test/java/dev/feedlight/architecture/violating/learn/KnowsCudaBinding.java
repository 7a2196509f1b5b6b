package dev.feedlight.architecture.violating.learn;

import dev.feedlight.architecture.violating.jcuda.Binding;

interface KnowsCudaBinding {
  Binding binding();
}

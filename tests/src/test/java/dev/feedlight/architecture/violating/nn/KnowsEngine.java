package dev.feedlight.architecture.violating.nn;

import dev.feedlight.architecture.violating.Engine;

interface KnowsEngine {
  Engine engine();
}

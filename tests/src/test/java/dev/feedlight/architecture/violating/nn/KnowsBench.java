package dev.feedlight.architecture.violating.nn;

import dev.feedlight.architecture.violating.bench.App;

interface KnowsBench {
  App app();
}

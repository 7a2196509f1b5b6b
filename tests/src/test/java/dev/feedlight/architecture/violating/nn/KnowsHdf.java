package dev.feedlight.architecture.violating.nn;

import io.jhdf.api.Group;

interface KnowsHdf {
  Group root();
}

package dev.feedlight.architecture.violating.nn;

import org.assertj.core.api.AbstractAssert;

interface KnowsTestLibrary {
  AbstractAssert<?, ?> assertion();
}

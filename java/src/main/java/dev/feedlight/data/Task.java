package dev.feedlight.data;

/** What a network is asked to give for an example. */
public enum Task {
  /** One of {@link Dataset#outputs()} classes; examples carry a {@link Dataset#label(long)}. */
  CLASSIFICATION,

  /** {@link Dataset#outputs()} real numbers; examples carry a {@link Dataset#target}. */
  REGRESSION
}

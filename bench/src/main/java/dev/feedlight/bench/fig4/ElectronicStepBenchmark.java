package dev.feedlight.bench.fig4;

import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;

/**
 * The electronic part of an optical step: forward pass, loss, ternarization, the scale of the
 * signal, updates from a signal that is already there. What the modelled curves of Fig. 4 add the
 * optical clock to.
 */
public class ElectronicStepBenchmark extends StepBenchmark {
  @Override
  LearningRule learningRule() {
    return new DirectFeedback(new TernarizeOnly());
  }
}

package dev.feedlight.bench.fig4;

import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.Locale;
import org.openjdk.jmh.annotations.Param;

/**
 * One training step: forward pass, loss, feedback, updates. With {@code odfa} the optics are
 * emulated inside the step; the time has nothing to do with that of real optics.
 */
public class TrainingStepBenchmark extends StepBenchmark {
  /** How blocks get their feedback. */
  @Param({"bp", "dfa", "odfa"})
  public String rule;

  /**
   * Where the emulated matrix comes from; without effect on bp and dfa. Without a GPU JMH leaves
   * curand out, with the reason.
   */
  @Param({"procedural", "stored", "curand"})
  public String transmission;

  @Override
  LearningRule learningRule() {
    if (!rule.equals("odfa")) {
      return LearningRules.named(rule);
    }
    TransmissionMatrix matrix = TransmissionMatrix.valueOf(transmission.toUpperCase(Locale.ROOT));
    return new DirectFeedback(new OpticalProjector(OpuSettings.defaults().withMatrix(matrix)));
  }
}

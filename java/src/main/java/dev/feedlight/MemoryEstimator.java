package dev.feedlight;

import static java.lang.Math.addExact;
import static java.lang.Math.multiplyExact;

import dev.feedlight.device.Kernels;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.StepControl;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.OutputWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds up what the parts of an engine allocate; a test holds the sums equal to what they do, over
 * all rules and settings.
 */
final class MemoryEstimator {
  private static final long FLOAT = 4;

  private final EngineBuilder settings;
  private final Architecture architecture;
  private final Network network;
  private final long rows;

  private MemoryEstimator(EngineBuilder settings) {
    this.settings = settings;
    this.architecture = settings.architecture();
    this.network = architecture.outline();
    this.rows =
        multiplyExact(
            settings.gradients().microBatch(settings.batch()), architecture.rowsPerExample());
  }

  static MemoryEstimate estimate(EngineBuilder settings) {
    try {
      return new MemoryEstimator(settings).estimate();
    } catch (ArithmeticException _) {
      throw new ShapeException("the engine would need 2^63 bytes of memory or more");
    }
  }

  private MemoryEstimate estimate() {
    Map<String, Long> scopes = new LinkedHashMap<>();
    scopes.put("weights", multiplyExact(FLOAT, parameters(false)));
    long trained = multiplyExact(FLOAT, parameters(true));
    long state = multiplyExact(settings.optimizer().stateSlots(), trained);
    scopes.put("optimizer state", addExact(StepControl.BYTES, state));
    scopes.put("gradients", gradients(trained));
    scopes.put("activations", activations());
    scopes.put("forward check", StepControl.BYTES);
    MemoryNeed feedback = settings.rule().memory(network, rows);
    scopes.put("feedback", feedback.keptBytes());
    if (settings.alignmentEvery() > 0) {
      scopes.put("alignment probe", new Backpropagation().memory(network, rows).keptBytes());
    }
    long fields = feedback.fields().stream().mapToLong(settings::fieldScratchBytes).max().orElse(0);
    if (fields > 0) {
      scopes.put(Kernels.FIELD_SCRATCH, fields);
    }
    long copies = operandCopies(feedback);
    if (copies > 0) {
      scopes.put(MemoryEstimate.OPERAND_COPIES, copies);
    }
    long sum = 0;
    for (long bytes : scopes.values()) {
      sum = addExact(sum, bytes);
    }
    return new MemoryEstimate(scopes, addExact(sum, feedback.peakBytes() - feedback.keptBytes()));
  }

  /**
   * At most what products keep beside their operands: a layer's weight, its input and the gradient
   * at its output, in a plan of its own also for the probe.
   */
  private long operandCopies(MemoryNeed feedback) {
    int gradients = settings.alignmentEvery() > 0 ? 2 : 1;
    long sum = 0;
    for (Shape weight : architecture.weights()) {
      sum = addExact(sum, settings.operandCopyBytes(weight));
      sum = addExact(sum, settings.operandCopyBytes(new Shape(rows, weight.columns())));
      long gradient = settings.operandCopyBytes(new Shape(rows, weight.rows()));
      sum = addExact(sum, multiplyExact(gradients, gradient));
    }
    for (Shape operand : feedback.operands()) {
      sum = addExact(sum, settings.operandCopyBytes(operand));
    }
    return sum;
  }

  private long parameters(boolean trainedOnly) {
    long sum = 0;
    for (int i = 0; i < network.blocks().size(); i++) {
      if (!trainedOnly || settings.rule().trains(network, i)) {
        sum = addExact(sum, architecture.parameters(i));
      }
    }
    return sum;
  }

  /** With the factor on them, and their norm where they are clipped. */
  private long gradients(long trained) {
    if (!settings.gradients().stored()) {
      return 0;
    }
    return addExact(trained, settings.gradients().clipped() ? 2 * FLOAT : FLOAT);
  }

  /** Input, what the blocks keep, targets, error; a loss per micro-batch, weights of outputs. */
  private long activations() {
    long perSample = addExact(network.inputs(), network.outputs());
    perSample =
        addExact(perSample, settings.loss() == Loss.SOFTMAX_CROSS_ENTROPY ? 1 : network.outputs());
    perSample = addExact(perSample, architecture.valuesPerRow(settings.rule()));
    long values = addExact(multiplyExact(rows, perSample), settings.gradients().microBatches());
    OutputWeights weights = settings.objective().weights();
    values = addExact(values, weights == null ? 0 : weights.shape().elements());
    return multiplyExact(FLOAT, values);
  }
}

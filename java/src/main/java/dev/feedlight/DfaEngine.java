package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.CheckedDataset;
import dev.feedlight.data.DataException;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.Task;
import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.AlignmentProbe;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.tensor.ShapeException;
import java.util.List;

/**
 * Trains a network by backpropagation, direct feedback alignment, its optical form, or the last
 * block alone; what a user needs first.
 *
 * <p>One engine is used by one thread at a time. Engines are independent of each other.
 */
public final class DfaEngine implements AutoCloseable {
  private final Device device;
  private final boolean ownsDevice;
  private final Scope weights;
  private final Network network;
  private final Loss loss;
  private final LearningRateSchedule schedule;
  private final long seed;
  private final TrainingStep step;
  private final BatchLoader loader;
  private final List<TrainingListener> listeners;
  private final FrameLog frames;
  private final int alignmentEvery;
  private final AlignmentProbe probe;
  private long stepsDone;
  private long epochsDone;

  DfaEngine(EngineBuilder settings) {
    this.device = settings.openDevice();
    this.ownsDevice = settings.ownsDevice();
    this.loss = settings.loss();
    this.schedule = settings.schedule();
    this.seed = settings.seed();
    this.listeners = List.copyOf(settings.listeners());
    this.alignmentEvery = settings.alignmentEvery();
    this.weights = device.openScope("weights");
    TrainingStep planned = null;
    try {
      this.network = settings.buildNetwork(device, weights);
      planned =
          new TrainingStep(
              device,
              network,
              settings.rule(),
              loss,
              settings.optimizer(),
              settings.batch(),
              settings.gradients(),
              seed);
      this.step = planned;
      this.loader = new BatchLoader(device, planned, loss);
      this.frames = planned.frameLog();
      this.probe = alignmentEvery == 0 ? null : new AlignmentProbe(planned);
    } catch (RuntimeException e) {
      if (planned != null) {
        planned.close();
      }
      weights.close();
      if (ownsDevice) {
        device.close();
      }
      throw e;
    }
  }

  /**
   * Starts to describe an engine.
   *
   * @return a builder
   */
  public static EngineBuilder builder() {
    return new EngineBuilder();
  }

  /**
   * Trains for whole epochs. Examples are visited in an order that depends on the seed and the
   * epoch alone; those left over after the last whole batch of an epoch are not used in it. Called
   * again, training goes on where it stopped.
   *
   * @param data training examples, at least one batch
   * @param epochs at least 1
   * @return what was done
   * @throws dev.feedlight.data.DataException if an example is not finite or a label out of range
   * @throws dev.feedlight.learn.NotFiniteException if values are no longer finite
   */
  public TrainingResult train(Dataset data, int epochs) {
    Dataset examples = accept(data);
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be at least 1, not " + epochs);
    }
    long batch = step.batch();
    long perEpoch = examples.size() / batch;
    if (perEpoch == 0) {
      throw new ShapeException(
          examples.name()
              + " has "
              + examples.size()
              + " examples, fewer than a batch of "
              + batch);
    }
    double opticsBefore = modelledSeconds();
    long start = System.nanoTime();
    long total = perEpoch * epochs;
    long done = 0;
    double meanLoss = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      long epochStart = System.nanoTime();
      BatchOrder order = new BatchOrder(seed, epochsDone, examples.size());
      double sum = 0;
      for (long i = 0; i < perEpoch; i++) {
        float rate = schedule.at(done, total);
        if (!(rate >= 0) || Float.isInfinite(rate)) {
          throw new IllegalArgumentException(
              "the schedule gave a learning rate of " + rate + " at step " + done + " of " + total);
        }
        for (int micro = 0; micro < step.microBatches(); micro++) {
          loader.load(examples, order, i * batch + micro * step.microBatch());
          if (micro == 0) {
            probeAlignment(done, epoch);
          }
          step.run(rate, stepsDone, micro);
          step.observe();
        }
        float batchLoss = step.loss();
        step.requireFinite();
        float gradientNorm = step.gradientNorm();
        stepsDone++;
        done++;
        sum += batchLoss;
        for (TrainingListener listener : listeners) {
          listener.onStep(
              new TrainingListener.StepEvent(
                  done, total, epoch, batchLoss, gradientNorm, rate, seconds(start)));
        }
      }
      step.requireFiniteWeights();
      epochsDone++;
      meanLoss = sum / perEpoch;
      for (TrainingListener listener : listeners) {
        listener.onEpoch(
            new TrainingListener.EpochEvent(epoch, epochs, meanLoss, seconds(epochStart)));
      }
    }
    return new TrainingResult(done, meanLoss, seconds(start), modelledSeconds() - opticsBefore);
  }

  private void probeAlignment(long done, int epoch) {
    if (probe != null && done % alignmentEvery == 0) {
      TrainingListener.AlignmentEvent event =
          new TrainingListener.AlignmentEvent(done, epoch, probe.measure(stepsDone));
      listeners.forEach(listener -> listener.onAlignment(event));
    }
  }

  /**
   * Measures loss and, for classification, accuracy.
   *
   * @param data examples
   * @return means over all examples
   */
  public Evaluation evaluate(Dataset data) {
    Dataset examples = accept(data);
    Scorer scorer = new Scorer(loss, network.outputs());
    for (long first = 0; first < examples.size(); first += step.microBatch()) {
      int rows = (int) Math.min(step.microBatch(), examples.size() - first);
      float[] inputs = loader.gather(examples, first, rows);
      scorer.add(examples, first, infer(inputs, rows));
    }
    return scorer.result(examples.size());
  }

  /**
   * Outputs of the network.
   *
   * @param inputs a whole number of samples, one after the other
   * @return outputs, one sample after the other; logits for classification
   */
  public float[] predict(float[] inputs) {
    int width = Math.toIntExact(network.inputs());
    if (inputs.length == 0 || inputs.length % width != 0) {
      throw new ShapeException(
          inputs.length + " values are not a whole number of samples of " + width + " inputs");
    }
    requireFinite(inputs, width);
    int samples = inputs.length / width;
    int outputs = Math.toIntExact(network.outputs());
    int batch = Math.toIntExact(step.microBatch());
    float[] result = new float[Math.multiplyExact(samples, outputs)];
    float[] staged = new float[Math.multiplyExact(batch, width)];
    for (int first = 0; first < samples; first += batch) {
      int rows = Math.min(batch, samples - first);
      System.arraycopy(inputs, first * width, staged, 0, rows * width);
      float[] values = infer(staged, rows);
      System.arraycopy(values, 0, result, first * outputs, rows * outputs);
    }
    return result;
  }

  private static void requireFinite(float[] inputs, int width) {
    for (int i = 0; i < inputs.length; i++) {
      if (!Float.isFinite(inputs[i])) {
        throw new DataException(
            "sample " + i / width + " has " + inputs[i] + " at input feature " + i % width);
      }
    }
  }

  private float[] infer(float[] stagedInputs, int rows) {
    device.write(step.input(), stagedInputs);
    step.infer();
    float[] outputs = new float[Math.toIntExact(rows * network.outputs())];
    device.read(step.output().rowRange(0, rows), outputs);
    return outputs;
  }

  private Dataset accept(Dataset data) {
    Task expected = loss == Loss.SOFTMAX_CROSS_ENTROPY ? Task.CLASSIFICATION : Task.REGRESSION;
    if (data.task() != expected) {
      throw new IllegalArgumentException(
          loss + " needs data for " + expected + ", but " + data.name() + " is for " + data.task());
    }
    if (data.inputs() != network.inputs() || data.outputs() != network.outputs()) {
      throw new ShapeException(
          data.name()
              + " has "
              + data.inputs()
              + " inputs and "
              + data.outputs()
              + " outputs, the network "
              + network.inputs()
              + " and "
              + network.outputs());
    }
    return CheckedDataset.of(data);
  }

  /**
   * The network.
   *
   * @return blocks and parameters
   */
  public Network network() {
    return network;
  }

  /**
   * The device.
   *
   * @return where the engine runs
   */
  public Device device() {
    return device;
  }

  /**
   * The plan of a training step: operations, bytes, floor.
   *
   * @return the plan
   */
  public Plan plan() {
    return step.plan();
  }

  /**
   * Memory in use.
   *
   * @return live and peak bytes, by scope
   */
  public MemoryReport memory() {
    return device.memory();
  }

  /**
   * What the optics were asked to show.
   *
   * @return the log, or null for rules without optics
   */
  public FrameLog frameLog() {
    return frames;
  }

  private double modelledSeconds() {
    return frames == null ? 0 : frames.modelledSeconds();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Frees all memory, and the device unless it was given to the builder; idempotent. */
  @Override
  public void close() {
    if (probe != null) {
      probe.close();
    }
    step.close();
    weights.close();
    if (ownsDevice) {
      device.close();
    }
  }
}

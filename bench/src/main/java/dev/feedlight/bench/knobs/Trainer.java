package dev.feedlight.bench.knobs;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingListener;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.Split;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.learn.BlockAlignment;
import dev.feedlight.learn.LearningRule;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Trains the experiment's network by any rule. */
final class Trainer {
  /** Alignment is averaged over the probes of the last epoch, of which there are so many. */
  private static final int PROBES_PER_EPOCH = 4;

  private final Device device;
  private final Preset preset;
  private final Split chosenBy;
  private final Dataset test;

  Trainer(Device device, Preset preset, Split data) {
    this.device = device;
    this.preset = preset;
    this.chosenBy = data.holdBack(preset.heldBack());
    this.test = data.test();
  }

  /** Steps of a run. */
  long steps() {
    return chosenBy.training().size() / preset.batch() * preset.epochs();
  }

  /** Samples that a run projects. */
  long projections() {
    return steps() * preset.batch();
  }

  Outcome train(LearningRule rule, boolean aligned, long seed) {
    EngineBuilder builder = DfaEngine.builder().device(device).inputs(chosenBy.training().inputs());
    builder.dense(preset.hidden(), Activation.TANH).dense(preset.hidden(), Activation.TANH);
    builder.dense(chosenBy.training().outputs(), Activation.IDENTITY);
    builder.rule(rule).batch(preset.batch()).learningRate(preset.learningRate()).seed(seed);
    Alignments alignments = new Alignments(preset.epochs());
    if (aligned) {
      long every = Math.max(1, steps() / preset.epochs() / PROBES_PER_EPOCH);
      builder.alignmentEvery(Math.toIntExact(every)).listener(alignments);
    }
    try (DfaEngine engine = builder.build()) {
      engine.train(chosenBy.training(), preset.epochs());
      return new Outcome(
          engine.evaluate(chosenBy.test()).accuracy(),
          engine.evaluate(test).accuracy(),
          alignments.gradient.mean(),
          alignments.weight.mean(),
          engine.frameLog() == null ? Double.NaN : engine.frameLog().density());
    }
  }

  /** Means over blocks and probes of the last epoch. */
  private static final class Alignments implements TrainingListener {
    private final int lastEpoch;
    private final Mean gradient = new Mean();
    private final Mean weight = new Mean();

    Alignments(int lastEpoch) {
      this.lastEpoch = lastEpoch;
    }

    @Override
    public void onAlignment(AlignmentEvent event) {
      if (event.epoch() < lastEpoch) {
        return;
      }
      List<BlockAlignment> blocks = event.blocks();
      // The last block has its exact gradient: its alignment says nothing.
      gradient.add(blocks.subList(0, blocks.size() - 1), BlockAlignment::gradientMean);
      weight.add(blocks, BlockAlignment::weight);
    }
  }

  /** A mean of what is defined. */
  private static final class Mean {
    private double sum;
    private int n;

    void add(List<BlockAlignment> blocks, ToDoubleFunction<BlockAlignment> what) {
      for (BlockAlignment block : blocks) {
        double value = what.applyAsDouble(block);
        if (!Double.isNaN(value)) {
          sum += value;
          n++;
        }
      }
    }

    double mean() {
      return n == 0 ? Double.NaN : sum / n;
    }
  }
}

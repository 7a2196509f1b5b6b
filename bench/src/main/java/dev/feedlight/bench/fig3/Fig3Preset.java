package dev.feedlight.bench.fig3;

import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.bench.training.RateSchedule.Decay;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.bench.training.Signal;
import dev.feedlight.bench.training.Training;
import dev.feedlight.device.Optimizer;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.nn.FcnnShape;
import dev.feedlight.nn.Residual;
import dev.feedlight.nn.VitShape;
import java.util.List;

/**
 * All settings of the experiment, which are ours: the paper publishes how many parameters its
 * networks have and no more.
 *
 * @param name as on the command line
 * @param vit shape of the Transformer, for maps of any extents that its patches cover
 * @param fcnn shape of the fully connected network, for maps of any extents
 * @param length of every run
 * @param batch years of a step
 * @param seeds runs of each curve, unless asked otherwise
 * @param vitAdopted how all Transformers are trained
 * @param fcnnAdopted how all fully connected networks are, but for one
 * @param fcnnOwn training of that one, by BP in its own configuration
 */
public record Fig3Preset(
    String name,
    VitShape vit,
    FcnnShape fcnn,
    RunLength length,
    int batch,
    int seeds,
    Adopted vitAdopted,
    Adopted fcnnAdopted,
    Training fcnnOwn) {
  /**
   * A configuration in which ODFA works well.
   *
   * @param training of every rule
   * @param signal of DFA and ODFA
   */
  public record Adopted(Training training, Signal signal) {}

  /** Of both networks. */
  private static final float MOMENTUM = 0.9f;

  /**
   * All curves in five minutes on two cores. Its settings were chosen on held-back years:
   * docs/results/fig3.md.
   */
  public static final Fig3Preset TINY =
      new Fig3Preset(
          "tiny",
          VitShape.TINY,
          FcnnShape.TINY,
          new RunLength.Steps(4000),
          8,
          1,
          new Adopted(momentum(1, 20), signal(1e-2f)),
          new Adopted(momentum(0.3, 20), signal(3e-3f)),
          adam(3e-4, 20));

  /** 3.3 and 17 million parameters; settings of ODFA chosen likewise, by fewer steps. */
  public static final Fig3Preset MEDIUM =
      new Fig3Preset(
          "medium",
          VitShape.MEDIUM,
          FcnnShape.MEDIUM,
          new RunLength.Steps(2000),
          8,
          1,
          new Adopted(momentum(0.3, 20), signal(1e-2f)),
          new Adopted(momentum(0.3, 20), signal(1e-3f)),
          adam(1e-4, 20));

  /**
   * The paper's counts of parameters, on its grid of 96 x 144 cells: for a GPU. Its settings were
   * never tried: smaller steps of the same kind.
   */
  public static final Fig3Preset PAPER =
      new Fig3Preset(
          "paper",
          VitShape.PAPER,
          FcnnShape.PAPER,
          new RunLength.Epochs(30),
          8,
          1,
          new Adopted(momentum(0.1, 100), signal(1e-2f)),
          new Adopted(momentum(0.01, 100), signal(3e-3f)),
          adam(3e-5, 100));

  /** For tests: its numbers mean nothing. */
  public static final Fig3Preset SMOKE =
      new Fig3Preset(
          "smoke",
          new VitShape(
              VitShape.TINY.input(),
              VitShape.TINY.output(),
              16,
              2,
              1,
              2,
              32,
              Residual.STANDARDIZED),
          new FcnnShape(1, List.of(12L, 10L, 8L), 1, 2),
          new RunLength.Steps(6),
          4,
          1,
          new Adopted(momentum(0.1, 2), signal(1e-2f)),
          new Adopted(momentum(0.1, 2), signal(1e-2f)),
          adam(3e-4, 2));

  /** What the command line offers. */
  public static final List<Fig3Preset> PRESETS = List.of(TINY, MEDIUM, PAPER);

  /**
   * Heavy-ball momentum, not Adam: Adam takes as large steps for the weights of emissions, which
   * are nearly 0 in most cells, as for those of CO2, and a network that goes by emissions misses a
   * scenario in which they run otherwise.
   */
  private static Training momentum(double rate, long warmUp) {
    return new Training(Optimizer.momentum(MOMENTUM), new RateSchedule(rate, Decay.COSINE, warmUp));
  }

  /**
   * Gradient at the last block's input and its mean over the batch left in: the mean over eight
   * years is most of what there is to learn.
   *
   * @param gain norm of the signal over that of the error
   */
  private static Signal signal(float gain) {
    return new Signal(
        ProjectedError.LAST_BLOCK_INPUT,
        false,
        Signal.DEFAULT.ternary(),
        new SignalScale.ErrorNorm(gain),
        Signal.DEFAULT.opu());
  }

  private static Training adam(double rate, long warmUp) {
    return new Training(Optimizer.adam(), new RateSchedule(rate, Decay.COSINE, warmUp));
  }
}

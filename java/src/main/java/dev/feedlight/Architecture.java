package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.Shape;
import java.util.List;
import java.util.Map;

/** A network that has not been made: what an engine trains, and what that takes. */
sealed interface Architecture permits DenseArchitecture, GptArchitecture, VitArchitecture {
  /**
   * Allocates and initialises the network.
   *
   * @param weights how large those of a Transformer are at first; dense layers have rules of their
   *     own
   */
  Network build(Device device, Scope scope, InitialWeights weights, long seed);

  /** Its blocks without parameters, for rules to look at. */
  Network outline();

  /** Rows of a step that one example takes: 1, the tokens of a window, or the patches of a map. */
  long rowsPerExample();

  /** How an example's numbers lie in those rows; null where it is a window of tokens. */
  MapLayout layout();

  /** Refuses a loss that its outputs are not for. */
  void requireLoss(Loss loss);

  /** Weights, biases and gains of a block. */
  long parameters(int block);

  /** Values that all blocks keep per row of a step. */
  long valuesPerRow(LearningRule rule);

  /** Weights of its dense layers: outputs x inputs. */
  List<Shape> weights();

  /** All that decides what it computes, besides the seed. */
  Map<String, Object> configuration();
}

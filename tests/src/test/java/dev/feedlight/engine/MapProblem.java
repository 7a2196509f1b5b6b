package dev.feedlight.engine;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.nn.Residual;
import dev.feedlight.nn.VitShape;
import java.util.Random;

/**
 * Maps that respond to forcings: two uniform fields of random strength, one whose strength falls
 * from left to right; the result is a pattern times their sum, plus the local third field.
 */
final class MapProblem {
  static final int HEIGHT = 4;
  static final int WIDTH = 6;
  static final int CELLS = HEIGHT * WIDTH;

  static final VitShape SHAPE =
      new VitShape(
          new PatchGrid(3, HEIGHT, WIDTH, 2),
          new PatchGrid(1, HEIGHT, WIDTH, 2),
          16,
          3,
          1,
          2,
          24,
          Residual.STANDARDIZED);

  private MapProblem() {}

  static ArrayDataset maps(String name, int size, long seed) {
    Random random = new Random(seed);
    float[][] inputs = new float[size][3 * CELLS];
    float[][] targets = new float[size][CELLS];
    for (int i = 0; i < size; i++) {
      float[] strength = new float[3];
      for (int c = 0; c < 3; c++) {
        strength[c] = (float) random.nextGaussian();
      }
      for (int cell = 0; cell < CELLS; cell++) {
        float slope = 1 - 2f * (cell % WIDTH) / (WIDTH - 1);
        inputs[i][cell] = strength[0];
        inputs[i][CELLS + cell] = strength[1];
        inputs[i][2 * CELLS + cell] = strength[2] * slope;
        float pattern = (float) Math.cos(cell * 0.7);
        targets[i][cell] =
            0.6f * pattern * (strength[0] - strength[1]) + 0.5f * strength[2] * slope;
      }
    }
    return new ArrayDataset(name, inputs, targets, null, CELLS);
  }

  /** By rows of cells, as areas go by latitude. */
  static float[] weights() {
    float[] weights = new float[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      int row = cell / WIDTH;
      weights[cell] = (float) Math.sin(Math.PI * (row + 0.5) / HEIGHT);
    }
    return weights;
  }

  static EngineBuilder vit() {
    return DfaEngine.builder()
        .vit(SHAPE, FeedbackPoints.MICRO)
        .outputWeights(weights())
        .learningRate(3e-3)
        .batch(8)
        .seed(5);
  }

  /** Two hidden blocks, then one of two layers. */
  static EngineBuilder fcnn() {
    return DfaEngine.builder()
        .inputs(3 * CELLS)
        .dense(40, Activation.TANH)
        .dense(32, Activation.TANH)
        .dense(28, Activation.TANH)
        .dense(CELLS, Activation.IDENTITY)
        .lastBlock(2)
        .loss(Loss.MEAN_SQUARED_ERROR)
        .outputWeights(weights())
        .learningRate(3e-3)
        .batch(8)
        .seed(5);
  }
}

package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Only the last layer is stochastic, and the whole model predicts. */
class LastLayerPredictionTest {
  private static final int[] LABELS = {0, 1, 2, 0};
  private static final int SAMPLES = 6;

  private static InputBatches inputs() {
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.arange(16f).reshape(4, 4).div(16)));
      }
    };
  }

  @Test
  void thePredictionIsTheMeanOverSamplesOfTheLastLayer() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block =
          new SequentialBlock()
              .add(Linear.builder().setUnits(5).build())
              .add(Activation.tanhBlock())
              .add(Linear.builder().setUnits(3).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
      ModelWeights model = ModelWeights.of(block);
      SwagCollector collector =
          new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
      Random random = new Random(3);
      for (int n = 0; n < 5; n++) {
        float[][] values = new float[model.layout().tensors().size()][];
        for (int t = 0; t < values.length; t++) {
          values[t] = new float[model.layout().tensor(t).size()];
          for (int i = 0; i < values[t].length; i++) {
            values[t][i] = (float) random.nextGaussian();
          }
        }
        collector.collect(Weights.of(model.layout(), values));
      }
      String hidden = model.layout().tensor(0).name();
      SwagPosterior posterior =
          collector
              .posterior()
              .withStochastic(tensor -> model.layout().tensors().indexOf(tensor) >= 2)
              .withAntitheticPairs(true);
      Predictions together =
          BayesianPredictor.of(block, posterior).samples(SAMPLES).seed(9).predict(inputs(), LABELS);
      double[][] expected = new double[4][3];
      for (int s = 0; s < SAMPLES; s++) {
        Weights sample = posterior.sample(9, s);
        assertThat(sample.toArray(0)).as(hidden).isEqualTo(posterior.mean().toArray(0));
        Predictions alone =
            BayesianPredictor.of(block, WeightPosterior.point(sample)).predict(inputs(), LABELS);
        for (int row = 0; row < 4; row++) {
          for (int c = 0; c < 3; c++) {
            expected[row][c] += alone.probability(row, c) / SAMPLES;
          }
        }
      }
      for (int row = 0; row < 4; row++) {
        for (int c = 0; c < 3; c++) {
          assertThat(together.probability(row, c)).isCloseTo(expected[row][c], within(3e-7));
        }
      }
    }
  }
}

package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snapshots of a run predict together, each once. */
class SnapshotPredictionTest {
  private static final int[] LABELS = {0, 1, 2, 0};

  @TempDir Path folder;

  private static InputBatches inputs() {
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.arange(16f).reshape(4, 4).div(16)));
      }
    };
  }

  @Test
  void thePredictionIsTheMeanOfTheMembers() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Linear.builder().setUnits(3).build();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
      ModelWeights model = ModelWeights.of(block);
      SnapshotCollector collector =
          SnapshotCollector.start(
              folder, AveragingPlan.epochs(), SnapshotCollector.Options.defaults());
      WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
      double[][] expected = new double[4][3];
      Random random = new Random(3);
      for (int member = 0; member < 3; member++) {
        float[][] values = {new float[12], new float[3]};
        for (float[] tensor : values) {
          for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (float) random.nextGaussian();
          }
        }
        Weights weights = Weights.of(model.layout(), values);
        model.write(weights);
        collector.collect(model);
        average.collect(model);
        Predictions alone =
            BayesianPredictor.of(block, WeightPosterior.point(weights)).predict(inputs(), LABELS);
        for (int row = 0; row < 4; row++) {
          for (int c = 0; c < 3; c++) {
            expected[row][c] += alone.probability(row, c) / 3.0;
          }
        }
      }
      WeightPosterior posterior = WeightPosterior.snapshots(SnapshotEnsemble.open(folder));
      Predictions together = BayesianPredictor.of(block, posterior).predict(inputs(), LABELS);
      for (int row = 0; row < 4; row++) {
        for (int c = 0; c < 3; c++) {
          assertThat(together.probability(row, c)).isCloseTo(expected[row][c], within(2e-7));
        }
      }
      assertThat(posterior.mean()).isEqualTo(average.average());
      assertThat(posterior.isPoint()).isFalse();
      assertThat(posterior.sample(7, 1)).isEqualTo(posterior.sample(8, 1));
      assertThatThrownBy(() -> posterior.sample(0, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("below the 3 snapshots");
      Weights before = model.capture();
      assertThatThrownBy(
              () -> BayesianPredictor.of(block, posterior).samples(4).predict(inputs(), LABELS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("got 4: call samples(3)");
      assertThat(model.capture()).isEqualTo(before);
    }
  }
}

package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples that go to a file while predicting are those that would have been kept. */
class StreamedSamplesTest {
  private static final int ROWS = 30;

  @TempDir private Path folder;

  private static void requireSame(Predictions read, Predictions kept) {
    assertThat(read.samples()).isEqualTo(kept.samples());
    for (int r = 0; r < ROWS; r++) {
      assertThat(read.probabilities(r)).isEqualTo(kept.probabilities(r));
      assertThat(read.expectedEntropy(r)).isEqualTo(kept.expectedEntropy(r));
      for (int s = 0; s < kept.samples(); s++) {
        for (int k = 0; k < kept.classes(); k++) {
          assertThat(read.sampleProbability(s, r, k)).isEqualTo(kept.sampleProbability(s, r, k));
        }
      }
    }
  }

  @Test
  void filesOfSeveralDataSetsHoldWhatKeepingWouldHave() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = ShiftedWeights.network(manager, 3, a -> a);
      BayesianPredictor predictor =
          BayesianPredictor.of(block, ShiftedWeights.of(block, 1)).samples(5);
      int[] labels = new int[ROWS];
      Arrays.setAll(labels, r -> r % 3);
      List<Labelled> sets =
          List.of(
              new Labelled(ShiftedWeights.inputs(1, ROWS, 7), labels),
              new Labelled(ShiftedWeights.inputs(2, ROWS, 11), null));
      Path first = folder.resolve("a/test.npz");
      Path second = folder.resolve("ood.npz");
      BayesianPredictor.Result streamed = predictor.streamSamples(first, second).predictAll(sets);
      BayesianPredictor.Result kept = predictor.keepSamples().predictAll(sets);
      assertThat(streamed.predictions().get(0).samples()).isZero();
      requireSame(PredictionFiles.read(first), kept.predictions().get(0));
      requireSame(PredictionFiles.read(second), kept.predictions().get(1));
      assertThat(PredictionFiles.read(first).label(4)).isEqualTo(1);
      assertThat(PredictionFiles.read(second).hasLabels()).isFalse();
    }
  }

  @Test
  void aBinaryNetworkIsStreamedWithTwoColumns() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = ShiftedWeights.network(manager, 1, a -> a);
      BayesianPredictor predictor =
          BayesianPredictor.of(block, ShiftedWeights.of(block, 1))
              .samples(2)
              .output(Output.BINARY_LOGIT);
      Path file = folder.resolve("binary.npz");
      predictor.streamSamples(file).predict(ShiftedWeights.inputs(1, ROWS, 7), null);
      Predictions read = PredictionFiles.read(file);
      assertThat(read.isBinary()).isTrue();
      requireSame(read, predictor.keepSamples().predict(ShiftedWeights.inputs(1, ROWS, 7), null));
    }
  }

  @Test
  void aPredictionThatFailsLeavesTheFileThatWasThere() throws IOException {
    Path file = folder.resolve("samples.npz");
    Files.writeString(file, "earlier");
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = ShiftedWeights.network(manager, 3, a -> a);
      BayesianPredictor predictor =
          BayesianPredictor.of(block, ShiftedWeights.of(block, 1)).samples(5).streamSamples(file);
      assertThatThrownBy(
              () ->
                  predictor
                      .onSample(
                          s -> {
                            if (s == 3) {
                              throw new IllegalStateException("enough");
                            }
                          })
                      .predict(ShiftedWeights.inputs(1, ROWS, 7), null))
          .hasMessage("enough");
      assertThat(Files.readString(file)).isEqualTo("earlier");
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left).containsExactly(file);
      }
      assertThatThrownBy(
              () ->
                  predictor.predictAll(
                      List.of(
                          new Labelled(ShiftedWeights.inputs(1, ROWS, 7), null),
                          new Labelled(ShiftedWeights.inputs(1, ROWS, 7), null))))
          .hasMessageContaining("a file for each data set, got 1 files for 2 data sets");
      assertThatThrownBy(
              () ->
                  predictor
                      .streamSamples(Path.of("x.csv"))
                      .predict(ShiftedWeights.inputs(1, ROWS, 7), null))
          .hasMessageContaining("an .npz file, got x.csv");
      assertThatThrownBy(() -> predictor.regression(RegressionOutput.mean(1)))
          .hasMessageContaining("no class probabilities to stream");
    }
  }
}

package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.selection.PredictionMixture;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.calibration.selection.StackedWeights;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.Mixture;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mixtures predict with a network with batch normalisation as their components do together. */
class MixturePredictionTest {
  private static final int ROWS = 30;
  private final InputBatches training = SmallNetwork.batches(SmallNetwork.rows(1, 40), 16);
  private final InputBatches inputs = SmallNetwork.batches(SmallNetwork.rows(2, ROWS), 8);
  private final int[] labels = new int[ROWS];
  private NDManager manager;
  private Block block;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    block = SmallNetwork.withBatchNorm(manager, 3);
    for (int r = 0; r < ROWS; r++) {
      labels[r] = r * r % 3;
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Predictions predict(WeightPosterior posterior) throws IOException {
    return BayesianPredictor.of(block, posterior)
        .refreshBatchNorm(training)
        .predict(inputs, labels);
  }

  private static void assertAlike(Predictions got, Predictions expected) {
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(got.probability(r, k)).isCloseTo(expected.probability(r, k), within(3e-7));
      }
      assertThat(got.expectedEntropy(r)).isCloseTo(expected.expectedEntropy(r), within(1e-6));
    }
  }

  @Test
  void aDeepEnsemblePredictsTheMeanOfItsNetworks() throws IOException {
    List<Weights> members = new ArrayList<>();
    List<Predictions> alone = new ArrayList<>();
    for (int m = 0; m < 3; m++) {
      members.add(SmallNetwork.random(block, m, 0.6));
      alone.add(predict(WeightPosterior.point(members.get(m))));
    }
    ModelWeights model = ModelWeights.of(block);
    Weights before = model.capture();
    Predictions together = predict(WeightPosterior.ensemble(members));
    assertAlike(together, PredictionMixture.of(alone, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}));
    assertThat(model.capture()).isEqualTo(before);
    assertThat(together.entropy(0)).isGreaterThan(together.expectedEntropy(0));
  }

  @Test
  void multiSwagWithStackedWeightsPredictsAsItsComponentsWeigh() throws IOException {
    List<SwagPosterior> swags = List.of(SmallNetwork.swag(block, 1), SmallNetwork.swag(block, 2));
    List<Predictions> alone = List.of(predict(swags.get(0)), predict(swags.get(1)));
    StackedWeights stacked = StackedWeights.fit(alone);
    assertThat(stacked.nll()).isLessThanOrEqualTo(stacked.equalNll());
    Mixture mixture = WeightPosterior.mixture(swags, new double[] {0.75, 0.25});
    BayesianPredictor predictor =
        BayesianPredictor.of(block, mixture).samples(8).seed(3).refreshBatchNorm(training);
    Predictions got = predictor.keepSamples().predict(inputs, labels);
    double[][] byHand = new double[ROWS][3];
    int[] had = new int[2];
    for (int s = 0; s < 8; s++) {
      had[mixture.component(s)]++;
      Predictions one = predict(WeightPosterior.point(mixture.sample(3, s)));
      for (int r = 0; r < ROWS; r++) {
        for (int k = 0; k < 3; k++) {
          byHand[r][k] += one.probability(r, k) / 8;
        }
      }
    }
    assertThat(had).containsExactly(6, 2);
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(got.probability(r, k)).isCloseTo(byHand[r][k], within(3e-7));
      }
    }
  }

  @Test
  void theScaleOfAPosteriorIsChosenWithOneSeed() throws IOException {
    SwagPosterior swag = SmallNetwork.swag(block, 1);
    ScaleCurve curve =
        PosteriorScale.search(
            swag::withScale,
            posterior ->
                BayesianPredictor.of(block, posterior).samples(5).refreshBatchNorm(training),
            inputs,
            labels,
            ScaleSearch.Options.defaults().withGrid(0, 0.5, 1).withRefinements(1));
    assertThat(curve.points()).hasSizeBetween(4, 5);
    Predictions half =
        BayesianPredictor.of(block, swag.withScale(0.5))
            .samples(5)
            .refreshBatchNorm(training)
            .predict(inputs, labels);
    double nll = 0;
    for (int r = 0; r < ROWS; r++) {
      nll -= Math.log(half.probability(r, labels[r])) / ROWS;
    }
    double expected = nll;
    assertThat(curve.points())
        .filteredOn(p -> p.scale() == 0.5)
        .singleElement()
        .satisfies(p -> assertThat(p.nll()).isCloseTo(expected, within(1e-12)));
  }
}

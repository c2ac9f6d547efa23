package io.github.swag4j.swag.djl.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.GaussianLogits;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions of networks taken for linear in all their weights, beside torch's Jacobians. */
class LinearisedNetworkTest {
  private static final int CLASSES = 3;
  private final GoldenLaplace golden = new GoldenLaplace();
  private NDManager manager;
  private SequentialBlock network;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    network = golden.network(manager);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private LaplacePosterior fitted(Fisher fisher) throws IOException {
    return KroneckerLaplace.of(network)
        .fisher(fisher)
        .fit(golden.train(), golden.labels())
        .withPriorPrecision(0.7);
  }

  private static double[] flat(Predictions p) {
    double[] out = new double[p.rows() * p.classes()];
    for (int i = 0; i < out.length; i++) {
      out[i] = p.probability(i / p.classes(), i % p.classes());
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource(names = {"EXACT", "EMPIRICAL"})
  void meansCovariancesAndProbitPredictionsAreTorchs(Fisher fisher) throws IOException {
    JsonObject expected = golden.group("linearised_" + fisher.name().toLowerCase(Locale.ROOT));
    LaplacePosterior posterior = fitted(fisher);
    double[] means = new double[6 * CLASSES];
    double[] covariances = new double[6 * CLASSES * CLASSES];
    NetworkLinearisation.of(network, posterior)
        .forEach(
            LabelledBatches.of(golden.test(), null),
            (rows, classes, labels) -> assertThat(classes).isEqualTo(CLASSES),
            (row, mean, covariance) -> {
              System.arraycopy(mean, 0, means, row * CLASSES, CLASSES);
              System.arraycopy(
                  covariance, 0, covariances, row * CLASSES * CLASSES, CLASSES * CLASSES);
            });
    GoldenLaplace.requireClose(means, expected.get("logits"), "logits");
    GoldenLaplace.requireClose(covariances, expected.get("covariance"), "covariance");
    Predictions probit = LinearisedPredictor.of(network, posterior).predict(golden.test(), null);
    GoldenLaplace.requireClose(flat(probit), expected.get("probit"), "probit");
    assertThat(probit.hasExpectedEntropy()).isFalse();
  }

  /** Torch's values are means of 2 million samples: the errors are those of the 40,000 here. */
  @Test
  void monteCarloPredictionsAndEntropiesAreTorchsWithinTheirStandardErrors() throws IOException {
    JsonObject expected = golden.group("linearised_exact");
    int samples = 40_000;
    Predictions got =
        LinearisedPredictor.of(network, fitted(Fisher.EXACT))
            .monteCarlo(samples)
            .seed(3)
            .predict(golden.test(), null);
    double[] probabilities = GoldenLaplace.doubles(expected.get("monte_carlo"));
    double[] entropies = GoldenLaplace.doubles(expected.get("entropy"));
    // A probability has a deviation of 1/2 at most, an entropy of half of log 3.
    for (int i = 0; i < probabilities.length; i++) {
      assertThat(flat(got)[i]).isCloseTo(probabilities[i], within(4 * 0.5 / Math.sqrt(samples)));
    }
    for (int r = 0; r < entropies.length; r++) {
      assertThat(got.expectedEntropy(r))
          .isCloseTo(entropies[r], within(4 * Math.log(3) / 2 / Math.sqrt(samples)));
    }
  }

  @Test
  void batchesDoNotChangeAnythingAndTheModelIsAsBefore() throws IOException {
    LaplacePosterior posterior = fitted(Fisher.EXACT);
    Weights before = ModelWeights.of(network).capture();
    List<Parameter> trained =
        network.getParameters().values().stream().filter(Parameter::requiresGradient).toList();
    trained.forEach(p -> p.getArray().setRequiresGradient(true));
    LinearisedPredictor predictor =
        LinearisedPredictor.of(network, posterior)
            .monteCarlo(5)
            .classNames(List.of("cat", "dog", "elk"));
    Predictions byFive = predictor.predict(golden.train(), golden.labels());
    InputBatches oneByOne =
        (parent, consumer) ->
            golden
                .train()
                .forEach(
                    parent,
                    batch -> {
                      for (long r = 0; r < batch.head().getShape().get(0); r++) {
                        consumer.accept(
                            new NDList(batch.head().get(new NDIndex(r + ":" + (r + 1)))));
                      }
                    });
    Predictions alone = predictor.predict(oneByOne, golden.labels());
    for (int i = 0; i < flat(alone).length; i++) {
      assertThat(flat(alone)[i]).isCloseTo(flat(byFive)[i], within(1e-5));
    }
    assertThat(byFive.label(3)).isEqualTo(golden.labels()[3]);
    assertThat(byFive.classNames()).containsExactly("cat", "dog", "elk");
    assertThat(flat(predictor.predict(golden.train(), null))).isEqualTo(flat(byFive));
    assertThat(ModelWeights.of(network).capture()).isEqualTo(before);
    for (Parameter parameter : trained) {
      try (NDArray gradient = parameter.getArray().getGradient()) {
        assertThat(gradient.abs().sum().getFloat()).as(parameter.getName()).isZero();
      }
    }
  }

  @Test
  void anotherModelsOrAnotherKindOfPosteriorIsRefused() throws IOException {
    LaplacePosterior diagonal = DiagonalLaplace.of(network).fit(golden.train(), golden.labels());
    assertThatThrownBy(() -> LinearisedPredictor.of(network, diagonal))
        .hasMessageContaining("last layer alone or one of KFAC")
        .hasMessageContaining("predict with BayesianPredictor");
    LaplacePosterior posterior = fitted(Fisher.EXACT);
    LinearisedPredictor predictor = LinearisedPredictor.of(network, posterior);
    assertThatThrownBy(() -> predictor.classNames(List.of("a", "b")).predict(golden.test(), null))
        .hasMessageContaining("class names");
    ModelWeights.of(network).write(posterior.sample(1, 0));
    assertThatThrownBy(() -> predictor.predict(golden.test(), null))
        .hasMessageContaining("must have the weights that the posterior was fitted to");
  }

  /** Logits of variance 0 are what they are. */
  @Test
  void withoutVarianceBothPredictivesAreTheSoftmax() {
    double[] p = new double[2];
    double[] mean = {1, 0};
    new GaussianLogits(0, 1).predict(0, mean, new double[4], p);
    assertThat(p[0]).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-15));
    double entropy = new GaussianLogits(7, 1).predict(0, mean, new double[4], p);
    assertThat(p[0]).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-14));
    assertThat(entropy).isCloseTo(-p[0] * Math.log(p[0]) - p[1] * Math.log(p[1]), within(1e-14));
  }
}

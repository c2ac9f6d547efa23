package io.github.swag4j.swag.djl.laplace;

import static io.github.swag4j.swag.djl.laplace.GoldenLaplace.requireClose;
import static io.github.swag4j.swag.djl.laplace.GoldenLaplace.requireEvidence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.laplace.DiagonalCurvature;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.FullCurvature;
import io.github.swag4j.swag.laplace.KroneckerCurvature;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import io.github.swag4j.swag.laplace.LayerCurvature;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Curvatures, evidences and predictions are those of torch in float64. */
class LaplaceGoldenTest {
  private static final List<String> LAYERS = List.of("conv1", "conv2", "hidden", "head");
  private static final List<String> TENSORS =
      List.of(
          "conv1.weight",
          "conv1.bias",
          "bn.weight",
          "bn.bias",
          "conv2.weight",
          "hidden.weight",
          "hidden.bias",
          "head.weight",
          "head.bias");

  private final GoldenLaplace golden = new GoldenLaplace();
  private NDManager manager;
  private Block network;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    network = golden.network(manager);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private LaplacePosterior lastLayer(Structure structure) throws IOException {
    return LastLayerLaplace.of(network).structure(structure).fit(golden.train(), golden.labels());
  }

  @Test
  void curvatureOfTheLastLayerIsTorchs() throws IOException {
    JsonObject expected = golden.group("last_layer");
    FullCurvature full = (FullCurvature) lastLayer(Structure.FULL).layers().get(0);
    KroneckerCurvature kronecker =
        (KroneckerCurvature) lastLayer(Structure.KRONECKER).layers().get(0);
    DiagonalCurvature diagonal = (DiagonalCurvature) lastLayer(Structure.DIAGONAL).layers().get(0);
    requireClose(full.matrix(), expected.get("full"), "full");
    requireClose(kronecker.inputs(), expected.get("A"), "A");
    requireClose(kronecker.outputs(), expected.get("G"), "G");
    int n = full.layer().size();
    for (int i = 0; i < n; i++) {
      assertThat(diagonal.diagonal()[i])
          .isCloseTo(full.matrix()[i * n + i], within(1e-12 * full.matrix()[i * n + i]));
    }
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void evidenceAndItsOptimumOfTheLastLayerAreTorchs(Structure structure) throws IOException {
    LaplacePosterior posterior = lastLayer(structure);
    assertThat(posterior.logLikelihood()).isCloseTo(golden.number("log_likelihood"), within(1e-5));
    requireEvidence(posterior, golden.group("last_layer").get("evidence_" + name(structure)));
  }

  @ParameterizedTest
  @EnumSource(Structure.class)
  void probitPredictionsAreTorchs(Structure structure) throws IOException {
    LaplacePosterior posterior = lastLayer(structure).withPriorPrecision(0.7);
    JsonObject expected = golden.group("last_layer");
    LastLayerFeatures features = LastLayerLaplace.of(network).features(golden.test(), null);
    double[] covariances = new double[features.rows() * 9];
    int row = 0;
    for (float[] batch : features.batches()) {
      for (int at = 0; at < batch.length; at += 5, row++) {
        double[] a = new double[5];
        for (int i = 0; i < 5; i++) {
          a[i] = batch[at + i];
        }
        System.arraycopy(posterior.outputCovariance(0, a), 0, covariances, row * 9, 9);
      }
    }
    requireClose(covariances, expected.get("logit_covariance_" + name(structure)), "covariance");
    Predictions predictions =
        LinearisedPredictor.of(network, posterior).predict(golden.test(), null);
    double[] probabilities = new double[predictions.rows() * 3];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = predictions.probability(i / 3, i % 3);
    }
    requireClose(probabilities, expected.get("probit_" + name(structure)), "probit");
  }

  private static String name(Structure structure) {
    return switch (structure) {
      case FULL -> "full";
      case KRONECKER -> "kron";
      case DIAGONAL -> "diag";
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Fisher.class,
      names = {"EXACT", "EMPIRICAL"})
  void kroneckerFactorsOfAllLayersAreTorchs(Fisher fisher) throws IOException {
    LaplacePosterior posterior =
        KroneckerLaplace.of(network).fisher(fisher).fit(golden.train(), golden.labels());
    JsonObject expected = golden.group("kfac_" + fisher.name().toLowerCase(Locale.ROOT));
    assertThat(posterior.layers()).hasSameSizeAs(LAYERS);
    for (int l = 0; l < LAYERS.size(); l++) {
      KroneckerCurvature actual = (KroneckerCurvature) posterior.layers().get(l);
      JsonObject of = expected.getAsJsonObject(LAYERS.get(l));
      requireClose(actual.inputs(), of.get("A"), LAYERS.get(l) + " A");
      requireClose(actual.outputs(), of.get("G"), LAYERS.get(l) + " G");
    }
    requireEvidence(posterior, expected.get("evidence"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fisher.class,
      names = {"EXACT", "EMPIRICAL"})
  void diagonalsOfAllTensorsAreTorchs(Fisher fisher) throws IOException {
    LaplacePosterior posterior =
        DiagonalLaplace.of(network).fisher(fisher).fit(golden.train(), golden.labels());
    JsonObject expected = golden.group("diagonal_" + fisher.name().toLowerCase(Locale.ROOT));
    List<LayerCurvature> layers = posterior.layers();
    assertThat(layers).hasSameSizeAs(TENSORS);
    for (int t = 0; t < TENSORS.size(); t++) {
      requireClose(
          ((DiagonalCurvature) layers.get(t)).diagonal(),
          expected.get(TENSORS.get(t)),
          TENSORS.get(t));
    }
    requireEvidence(posterior, expected.get("evidence"));
  }
}

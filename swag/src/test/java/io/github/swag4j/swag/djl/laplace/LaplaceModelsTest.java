package io.github.swag4j.swag.djl.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor;
import io.github.swag4j.swag.laplace.DiagonalCurvature;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.FullCurvature;
import io.github.swag4j.swag.laplace.KroneckerCurvature;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LastLayerFeatures;
import io.github.swag4j.swag.laplace.LastLayerPredictive;
import io.github.swag4j.swag.laplace.LayerCurvature;
import io.github.swag4j.swag.laplace.PriorPrecisionSearch;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Laplace approximations do with models of different kinds, and what they leave alone. */
class LaplaceModelsTest {
  private static final int ROWS = 24;
  private static final int INPUTS = 4;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block initialised(Block block) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, INPUTS));
    ModelWeights weights = ModelWeights.of(block);
    Random random = new Random(5);
    float[][] values = new float[weights.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[weights.layout().tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) random.nextGaussian();
      }
    }
    weights.write(Weights.of(weights.layout(), values));
    return block;
  }

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  private Block perceptron() {
    return initialised(new SequentialBlock().add(linear(5)).add(Activation::relu).add(linear(3)));
  }

  private static float[] inputs(int rows) {
    Random random = new Random(6);
    float[] values = new float[rows * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static InputBatches rows(int rows) {
    return (parent, consumer) -> {
      float[] values = inputs(rows);
      for (int from = 0; from < rows; from += 7) {
        int count = Math.min(7, rows - from);
        try (NDManager own = parent.newSubManager()) {
          float[] part = new float[count * INPUTS];
          System.arraycopy(values, from * INPUTS, part, 0, part.length);
          consumer.accept(new NDList(own.create(part, new Shape(count, INPUTS))));
        }
      }
    };
  }

  private static int[] labels(int rows) {
    return new Random(7).ints(rows, 0, 3).toArray();
  }

  private static double[] diagonal(KroneckerCurvature kronecker) {
    int columns = kronecker.layer().columns();
    double[] values = new double[kronecker.layer().size()];
    for (int i = 0; i < values.length; i++) {
      int row = i / columns;
      int column = i % columns;
      values[i] =
          kronecker.outputs()[row * (kronecker.layer().outputs() + 1)]
              * kronecker.inputs()[column * (columns + 1)];
    }
    return values;
  }

  @Test
  void ofOneRowTheKroneckerProductIsTheWholeCurvatureAlsoInBranches() throws IOException {
    Block block =
        initialised(
            new SequentialBlock()
                .add(linear(5))
                .add(
                    new ParallelBlock(
                        branches -> new NDList(branches.get(0).head().add(branches.get(1).head())),
                        List.of(
                            new SequentialBlock().add(Activation::tanh).add(linear(5)),
                            Blocks.identityBlock())))
                .add(Activation::tanh)
                .add(linear(3)));
    LaplacePosterior kronecker =
        KroneckerLaplace.of(block).fisher(Fisher.EMPIRICAL).fit(rows(1), labels(1));
    LaplacePosterior squares =
        DiagonalLaplace.of(block).fisher(Fisher.EMPIRICAL).fit(rows(1), labels(1));
    assertThat(kronecker.layers()).hasSize(3);
    for (int l = 0; l < 3; l++) {
      KroneckerCurvature layer = (KroneckerCurvature) kronecker.layers().get(l);
      double[] weight = ((DiagonalCurvature) squares.layers().get(2 * l)).diagonal();
      double[] bias = ((DiagonalCurvature) squares.layers().get(2 * l + 1)).diagonal();
      double[] actual = diagonal(layer);
      int columns = layer.layer().columns();
      for (int i = 0; i < actual.length; i++) {
        int row = i / columns;
        int column = i % columns;
        double expected = column == columns - 1 ? bias[row] : weight[row * (columns - 1) + column];
        assertThat(actual[i]).isCloseTo(expected, within(1e-6 * (1e-3 + expected)));
      }
    }
  }

  @Test
  void lastLayerKfacIsTheLastLayerOfKfac() throws IOException {
    Block block = perceptron();
    KroneckerCurvature last =
        (KroneckerCurvature)
            LastLayerLaplace.of(block).fit(rows(ROWS), labels(ROWS)).layers().get(0);
    KroneckerCurvature all =
        (KroneckerCurvature)
            KroneckerLaplace.of(block).fit(rows(ROWS), labels(ROWS)).layers().get(1);
    assertThat(all.layer()).isEqualTo(last.layer());
    for (int i = 0; i < all.inputs().length; i++) {
      assertThat(all.inputs()[i]).isCloseTo(last.inputs()[i], within(1e-5));
    }
    for (int i = 0; i < all.outputs().length; i++) {
      assertThat(all.outputs()[i]).isCloseTo(last.outputs()[i], within(1e-5));
    }
  }

  @Test
  void sampledLabelsGiveTheExactFactorsOnAverage() throws IOException {
    Block block = perceptron();
    double[] exact = outputs(KroneckerLaplace.of(block));
    int seeds = 300;
    double[] mean = new double[exact.length];
    double[] squares = new double[exact.length];
    for (int seed = 0; seed < seeds; seed++) {
      double[] sampled = outputs(KroneckerLaplace.of(block).fisher(Fisher.SAMPLED).seed(seed));
      for (int i = 0; i < exact.length; i++) {
        mean[i] += sampled[i] / seeds;
        squares[i] += sampled[i] * sampled[i] / seeds;
      }
    }
    for (int i = 0; i < exact.length; i++) {
      double error = Math.sqrt(Math.max(squares[i] - mean[i] * mean[i], 0) / seeds);
      assertThat(mean[i]).isCloseTo(exact[i], within(5 * error + 1e-5));
    }
    assertThat(outputs(KroneckerLaplace.of(block).fisher(Fisher.SAMPLED).seed(3)))
        .containsExactly(outputs(KroneckerLaplace.of(block).fisher(Fisher.SAMPLED).seed(3)));
  }

  private static double[] outputs(KroneckerLaplace laplace) throws IOException {
    return ((KroneckerCurvature) laplace.fit(rows(ROWS), labels(ROWS)).layers().get(0)).outputs();
  }

  @Test
  void samplesPredictTheSameThroughTheModelAndThroughItsFeatures() throws IOException {
    Block block = perceptron();
    LaplacePosterior posterior = LastLayerLaplace.of(block).fit(rows(ROWS), labels(ROWS));
    Predictions model =
        BayesianPredictor.of(block, posterior).samples(11).seed(4).predict(rows(9), null);
    Predictions features =
        LinearisedPredictor.of(block, posterior).monteCarlo(11).seed(4).predict(rows(9), null);
    for (int r = 0; r < 9; r++) {
      assertThat(features.expectedEntropy(r)).isCloseTo(model.expectedEntropy(r), within(2e-6));
      for (int c = 0; c < 3; c++) {
        assertThat(features.probability(r, c)).isCloseTo(model.probability(r, c), within(2e-6));
      }
    }
  }

  @Test
  void theBestPriorPrecisionOfValidationDataIsFound() throws IOException {
    Block block = perceptron();
    LaplacePosterior posterior = LastLayerLaplace.of(block).fit(rows(ROWS), labels(ROWS));
    LastLayerFeatures validation =
        LastLayerLaplace.of(block).features(rows(60), new Random(1).ints(60, 0, 3).toArray());
    PriorPrecisionSearch.Result result =
        PriorPrecisionSearch.of(p -> LastLayerPredictive.probit(p).predict(validation))
            .grid(1e-3, 1e3, 7)
            .refinements(6)
            .search(posterior);
    assertThat(result.trials()).hasSize(13);
    double least =
        result.trials().stream().mapToDouble(PriorPrecisionSearch.Trial::nll).min().orElseThrow();
    double best = result.posterior().priorPrecisions()[0];
    assertThat(result.trials())
        .anySatisfy(
            trial -> {
              assertThat(trial.priorPrecision()).isEqualTo(best);
              assertThat(trial.nll()).isEqualTo(least);
            })
        .isSortedAccordingTo((a, b) -> Double.compare(a.priorPrecision(), b.priorPrecision()));
    // Labels at random: the sure model is worse than one that says it does not know.
    assertThat(least).isLessThan(result.trials().get(12).nll());
  }

  @Test
  void dropoutIsOff() throws IOException {
    Block without = perceptron();
    Block with =
        initialised(
            new SequentialBlock()
                .add(Dropout.builder().optRate(0.5f).build())
                .add(linear(5))
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.5f).build())
                .add(linear(3)));
    assertThat(outputs(KroneckerLaplace.of(with)))
        .containsExactly(outputs(KroneckerLaplace.of(without)));
    assertThat(LastLayerLaplace.of(with).fit(rows(ROWS), labels(ROWS)).logMarginalLikelihood())
        .isEqualTo(
            LastLayerLaplace.of(without).fit(rows(ROWS), labels(ROWS)).logMarginalLikelihood());
  }

  @Test
  void frozenLayersStayAtTheMean() throws IOException {
    SequentialBlock block = (SequentialBlock) perceptron();
    block.getChildren().values().get(0).freezeParameters(true);
    LaplacePosterior kronecker = KroneckerLaplace.of(block).fit(rows(ROWS), labels(ROWS));
    LaplacePosterior diagonal = DiagonalLaplace.of(block).fit(rows(3), labels(3));
    for (LaplacePosterior posterior : List.of(kronecker, diagonal)) {
      Weights sample = posterior.sample(1, 2);
      for (int t = 0; t < 4; t++) {
        boolean same = sample.values(t).equals(posterior.mean().values(t));
        assertThat(same).as("tensor " + t).isEqualTo(t < 2);
      }
    }
    block.freezeParameters(true);
    assertThatThrownBy(() -> KroneckerLaplace.of(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("freezeParameters(false)");
    assertThatThrownBy(() -> DiagonalLaplace.of(block))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(LastLayerLaplace.of(block).fit(rows(ROWS), labels(ROWS)).layers()).hasSize(1);
  }

  @Test
  void aDiagonalAddsUpAllUsesOfTiedWeights() throws IOException {
    Block twice = Linear.builder().setUnits(INPUTS).optBias(false).build();
    Block block = initialised(new SequentialBlock().add(twice).add(twice));
    float[] w = ModelWeights.of(block).capture().toArray(0);
    LaplacePosterior posterior =
        DiagonalLaplace.of(block).fisher(Fisher.EMPIRICAL).fit(rows(1), new int[] {2});
    double[] actual = ((DiagonalCurvature) posterior.layers().get(0)).diagonal();
    float[] x = inputs(1);
    double[] hidden = times(w, x);
    double[] residual = softmax(times(w, hidden));
    residual[2] -= 1;
    assertThat(posterior.layers()).hasSize(1);
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        double gradient = residual[i] * hidden[j];
        for (int c = 0; c < INPUTS; c++) {
          gradient += residual[c] * w[c * INPUTS + i] * x[j];
        }
        assertThat(actual[i * INPUTS + j])
            .isCloseTo(gradient * gradient, within(1e-5 * (1e-3 + gradient * gradient)));
      }
    }
    assertThatThrownBy(() -> KroneckerLaplace.of(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("01Linear_weight and 02Linear_weight are tied")
        .hasMessageContaining("use DiagonalLaplace");
    assertThatThrownBy(() -> LastLayerLaplace.of(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are tied");
  }

  private static double[] times(float[] w, float[] x) {
    double[] wide = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      wide[i] = x[i];
    }
    return times(w, wide);
  }

  private static double[] times(float[] w, double[] x) {
    double[] out = new double[INPUTS];
    for (int i = 0; i < w.length; i++) {
      out[i / INPUTS] += w[i] * x[i % INPUTS];
    }
    return out;
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]) / sum;
    }
    return p;
  }

  @Test
  void theLiveModelAndItsGradientsAreLeftAlone() throws IOException {
    Block block = perceptron();
    ModelWeights all = ModelWeights.of(block, Selection.all());
    Weights before = all.capture();
    for (Parameter parameter : block.getParameters().values()) {
      parameter.getArray().setRequiresGradient(true);
    }
    LastLayerLaplace.of(block).fit(rows(ROWS), labels(ROWS));
    KroneckerLaplace.of(block).fit(rows(ROWS), labels(ROWS));
    DiagonalLaplace.of(block).fit(rows(3), labels(3));
    InputBatches broken =
        (parent, consumer) -> {
          rows(7).forEach(parent, consumer);
          throw new IOException("disk gone");
        };
    assertThatThrownBy(() -> LastLayerLaplace.of(block).fit(broken, labels(7)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> KroneckerLaplace.of(block).fit(broken, labels(7)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> DiagonalLaplace.of(block).fit(broken, labels(7)))
        .isInstanceOf(IOException.class);
    assertThat(all.capture()).isEqualTo(before);
    for (Parameter parameter : block.getParameters().values()) {
      assertThat(parameter.getArray().hasGradient()).isTrue();
      try (NDArray gradient = parameter.getArray().getGradient()) {
        assertThat(gradient.abs().sum().getFloat()).isZero();
      }
    }
    // The engine's only collector is free again.
    KroneckerLaplace.of(block).fit(rows(2), labels(2));
  }

  @Test
  void aTorchScriptModuleShowsItsFeaturesToo() throws IOException {
    Path file =
        Path.of(
            "../swa-core/src/test/resources/io/github/swag4j/swa/golden/torchscript/cnn-scripted.pt");
    try (Model model = TorchScriptModels.load(file)) {
      ModelWeights all = ModelWeights.of(model.getBlock(), Selection.all());
      Weights before = all.capture();
      float[] pixels = new float[10 * 64];
      Random random = new Random(3);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextFloat();
      }
      NDArray images = manager.create(pixels, new Shape(10, 1, 8, 8));
      NDArray classes = manager.create(labels(10));
      ArrayDataset dataset =
          new ArrayDataset.Builder()
              .setData(images)
              .optLabels(classes)
              .setSampling(4, false)
              .build();
      LastLayerLaplace laplace = LastLayerLaplace.of(model).structure(Structure.FULL);
      LaplacePosterior posterior = laplace.fit(dataset);
      LastLayerFeatures features = laplace.features(dataset);
      assertThat(features.labels()).containsExactly(labels(10));
      assertThat(features.inputs()).isEqualTo(8);
      assertThat(all.capture()).isEqualTo(before);
      // A linear model of the features has the same curvature.
      Block head = linear(3);
      head.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
      ModelWeights weights = ModelWeights.of(head);
      weights.write(
          Weights.of(
              weights.layout(),
              before.toArray(index(before, "out.weight")),
              before.toArray(index(before, "out.bias"))));
      InputBatches again =
          (parent, consumer) -> {
            for (float[] batch : features.batches()) {
              consumer.accept(new NDList(manager.create(batch, new Shape(batch.length / 8, 8))));
            }
          };
      LaplacePosterior expected =
          LastLayerLaplace.of(head).structure(Structure.FULL).fit(again, labels(10));
      assertThat(((FullCurvature) posterior.layers().get(0)).matrix())
          .containsExactly(((FullCurvature) expected.layers().get(0)).matrix());
      Predictions predictions = LinearisedPredictor.of(model, posterior).predict(dataset);
      assertThat(predictions.rows()).isEqualTo(10);
      assertThatThrownBy(() -> DiagonalLaplace.of(model))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("TorchScript module has none to show: use LastLayerLaplace");
      assertThatThrownBy(() -> KroneckerLaplace.of(model))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("PtSymbolBlock");
    }
  }

  private static int index(Weights weights, String name) {
    for (int t = 0; t < weights.layout().tensors().size(); t++) {
      if (weights.layout().tensor(t).name().equals(name)) {
        return t;
      }
    }
    throw new AssertionError(name + " is not in " + weights.layout().tensors());
  }

  @Test
  void priorPrecisionsOfKfacAreBestLayerByLayer() throws IOException {
    LaplacePosterior posterior = KroneckerLaplace.of(perceptron()).fit(rows(ROWS), labels(ROWS));
    double one = posterior.optimisePriorPrecision().logMarginalLikelihood();
    double each = posterior.optimisePriorPrecisions().logMarginalLikelihood();
    assertThat(each).isGreaterThanOrEqualTo(one);
    assertThat(one).isGreaterThan(posterior.logMarginalLikelihood());
    for (LayerCurvature curvature : posterior.layers()) {
      assertThat(curvature.layer().bias()).isNotNull();
    }
  }
}

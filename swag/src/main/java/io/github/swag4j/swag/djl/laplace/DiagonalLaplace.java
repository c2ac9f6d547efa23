package io.github.swag4j.swag.djl.laplace;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.GradientCollector;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.Pair;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import io.github.swag4j.swag.laplace.DiagonalCurvature;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LayerCurvature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Laplace approximation with a diagonal covariance over all weights that training changes, whatever
 * layers they are in: H_ii = sum over rows of the squared gradients, each tensor a layer of its
 * own. Of blocks of any kind, also with tied weights; TorchScript modules show no gradients and are
 * refused.
 *
 * <p>Squares must be of single rows, so rows run one by one: {@link Fisher#EXACT} takes a forward
 * and a backward pass for each row and class, {@link Fisher#SAMPLED} and {@link Fisher#EMPIRICAL}
 * one for each row. The model runs in evaluation mode, without dropout and with its own batch-norm
 * statistics. It is not changed, and has no gradients left in it.
 *
 * <p>A value: each method gives a new one and leaves this one as it was.
 *
 * @see <a href="https://arxiv.org/abs/2106.14806">Daxberger et al. 2021, Laplace Redux</a>
 */
public final class DiagonalLaplace {
  private final Block block;
  private final Fisher fisher;
  private final long seed;

  private DiagonalLaplace(Block block, Fisher fisher, long seed) {
    this.block = block;
    this.fisher = fisher;
    this.seed = seed;
  }

  /**
   * A diagonal Laplace approximation with the exact Gauss-Newton diagonal.
   *
   * @param model an initialised and trained model
   * @return the approximation, to be fitted
   * @throws IllegalArgumentException if training changes no weight, or a TorchScript module is in
   *     the model
   */
  public static DiagonalLaplace of(Model model) {
    return of(model.getBlock());
  }

  /**
   * A diagonal Laplace approximation with the exact Gauss-Newton diagonal.
   *
   * @param block an initialised and trained block
   * @return the approximation, to be fitted
   * @throws IllegalArgumentException if training changes no weight, or a TorchScript module is in
   *     the block
   */
  public static DiagonalLaplace of(Block block) {
    EngineDefaults.apply();
    requireGradients(block);
    ModelWeights.of(block, Selection.weights().withoutFrozen());
    return new DiagonalLaplace(block, Fisher.EXACT, 0);
  }

  private static void requireGradients(Block block) {
    if (block instanceof SymbolBlock) {
      throw new IllegalArgumentException(
          "gradients of single rows need a model of DJL blocks, a TorchScript module has none to"
              + " show: use LastLayerLaplace, or build the model of blocks and give it the weights");
    }
    block.getChildren().values().forEach(DiagonalLaplace::requireGradients);
  }

  /**
   * Sets which gradients are squared.
   *
   * @param which the gradients
   * @return the approximation
   */
  public DiagonalLaplace fisher(Fisher which) {
    return new DiagonalLaplace(block, Objects.requireNonNull(which, "fisher"), seed);
  }

  /**
   * Sets the seed of {@link Fisher#SAMPLED} labels, 0 by default.
   *
   * @param newSeed the seed
   * @return the approximation
   */
  public DiagonalLaplace seed(long newSeed) {
    return new DiagonalLaplace(block, fisher, newSeed);
  }

  /**
   * Fits it.
   *
   * @param train the rows the model was trained on, with integer labels, in any order
   * @return the posterior, with prior precision 1
   * @throws IllegalArgumentException if labels are missing or no classes, outputs are not finite or
   *     no logits, or there is no row
   * @throws IllegalStateException if a gradient collector of the engine is open elsewhere
   * @throws IOException if the data cannot be read
   */
  public LaplacePosterior fit(Dataset train) throws IOException {
    return fit(LabelledBatches.of(train));
  }

  /**
   * Fits it.
   *
   * @param train the rows the model was trained on
   * @param labels {@code [rows]} class indices
   * @return the posterior, with prior precision 1
   * @throws IllegalArgumentException if labels are missing or no classes, outputs are not finite or
   *     no logits, or there is no row
   * @throws IllegalStateException if a gradient collector of the engine is open elsewhere
   * @throws IOException if the data cannot be read
   */
  public LaplacePosterior fit(InputBatches train, int[] labels) throws IOException {
    return fit(LabelledBatches.of(train, labels));
  }

  private LaplacePosterior fit(LabelledBatches train) throws IOException {
    Weights mean = ModelWeights.of(block).capture();
    Sums sums = new Sums();
    try (InferencePass pass = InferencePass.of(block);
        GradientCollector collector = pass.manager().getEngine().newGradientCollector()) {
      train
          .required("a Laplace approximation")
          .forEach(pass.manager(), (inputs, labels) -> sums.add(inputs, labels, pass, collector));
    }
    if (sums.rows == 0) {
      throw new IllegalArgumentException("a Laplace approximation needs training rows, got 0");
    }
    sums.evidence.requireLogits(false);
    return LaplacePosterior.of(mean, sums.curvatures(), sums.logLikelihood, sums.rows);
  }

  /** Squared gradients, summed over rows. */
  private final class Sums {
    private final List<WeightLayout.Tensor> tensors =
        ModelWeights.of(block, Selection.weights().withoutFrozen()).layout().tensors();
    private final List<Parameter> parameters = parameters(tensors);
    private final List<double[]> squares = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final LogitEvidence evidence = LogitEvidence.ofBareModel();
    private double logLikelihood;
    private long rows;

    Sums() {
      tensors.forEach(t -> squares.add(new double[t.size()]));
    }

    private List<Parameter> parameters(List<WeightLayout.Tensor> wanted) {
      IdentityHashMap<Parameter, Boolean> seen = new IdentityHashMap<>();
      List<Parameter> found = new ArrayList<>();
      for (Pair<String, Parameter> pair : block.getParameters()) {
        boolean first = seen.putIfAbsent(pair.getValue(), true) == null;
        if (first && wanted.stream().anyMatch(t -> t.name().equals(pair.getKey()))) {
          found.add(pair.getValue());
        }
      }
      return found;
    }

    void add(NDList inputs, int[] labels, InferencePass pass, GradientCollector collector) {
      if (rows == 0) {
        pass.run(inputs);
      }
      for (int r = 0; r < labels.length; r++) {
        addRow(inputs, r, labels, collector);
      }
    }

    private void addRow(NDList inputs, int row, int[] labels, GradientCollector collector) {
      int[] label = {labels[row]};
      int passes = 1;
      for (int p = 0; p < passes; p++) {
        try (NDManager own = inputs.head().getManager().newSubManager()) {
          FrozenParameters store = new FrozenParameters(own);
          List<NDArray> leaves = parameters.stream().map(store::leaf).toList();
          NDList outputs = block.forward(store, row(inputs, row, labels.length, own), false);
          Logits logits = Logits.of(outputs, label, rows, p == 0 ? evidence : null);
          if (p == 0) {
            logLikelihood += logits.logLikelihood();
            passes = fisher.passes(logits.classes());
          }
          float[] gradients = fisher.gradients(p, logits.probabilities(), label, random);
          // Constants of the graph stay open until the pass is over: the engine frees others early.
          NDArray constant = own.create(gradients, new Shape(1, logits.classes()));
          collector.backward(outputs.head().mul(constant).sum());
          for (int t = 0; t < leaves.size(); t++) {
            NDArray gradient = leaves.get(t).getGradient();
            gradient.attach(own);
            addSquares(squares.get(t), gradient.toFloatArray());
          }
        }
      }
      rows++;
    }

    private NDList row(NDList inputs, int row, int rowsOfBatch, NDManager own) {
      NDList one = new NDList();
      for (NDArray input : inputs) {
        boolean perRow = input.getShape().dimension() > 0 && input.getShape().get(0) == rowsOfBatch;
        NDArray part =
            perRow ? input.get(new NDIndex("{}:{}", row, row + 1)) : input.stopGradient();
        part.attach(own);
        part.setName(input.getName());
        one.add(part);
      }
      return one;
    }

    private void addSquares(double[] sums, float[] values) {
      for (int i = 0; i < values.length; i++) {
        sums[i] += (double) values[i] * values[i];
      }
    }

    List<LayerCurvature> curvatures() {
      List<LayerCurvature> curvatures = new ArrayList<>();
      for (int t = 0; t < tensors.size(); t++) {
        curvatures.add(DiagonalCurvature.of(LaplaceLayer.of(tensors.get(t)), squares.get(t)));
      }
      return curvatures;
    }
  }
}

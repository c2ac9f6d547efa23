package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swag.djl.internal.LabelledBatches;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import io.github.swag4j.swag.laplace.KroneckerCurvature;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LayerCurvature;
import io.github.swag4j.swag.laplace.LayerJacobian;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Means and covariances of a network's logits, where it is taken for linear in its weights around a
 * posterior's mean: f(x; w) + J (w' - w), so that logits are N(f, J P^-1 J^T).
 *
 * <p>The engine gives gradients of one output at a time, so each batch takes a forward and a
 * backward pass a class. Rows are taken a few at a time, so that what is kept of them, the layers'
 * inputs at each place and gradients of each class, is at most {@value #MOST_VALUES} floats, or one
 * row's. The products are Java's, on all cores.
 *
 * @see <a href="https://arxiv.org/abs/2008.08400">Immer et al. 2021, Improving predictions of
 *     Bayesian neural nets via local linearization, eq. 9 and 12</a>
 */
final class NetworkLinearisation {
  private static final long MOST_VALUES = 1L << 24;

  /** Takes the Gaussian of a row's logits. Rows of a batch come from several threads. */
  interface Rows {
    void accept(int row, double[] means, double[] covariance);
  }

  /** Hears of a batch before its rows. */
  interface Batches {
    void begin(int rows, int classes, int[] labels);
  }

  private final Block block;
  private final TracedModel traced;
  private final LaplacePosterior posterior;
  private final int[] layers;

  private NetworkLinearisation(
      Block block, TracedModel traced, LaplacePosterior posterior, int[] layers) {
    this.block = block;
    this.traced = traced;
    this.posterior = posterior;
    this.layers = layers;
  }

  /**
   * A network and a posterior of some of its layers.
   *
   * @throws IllegalArgumentException if curvatures are not Kronecker-factored, or layers are none
   *     of the network
   */
  static NetworkLinearisation of(Block block, LaplacePosterior posterior) {
    for (LayerCurvature curvature : posterior.layers()) {
      if (!(curvature instanceof KroneckerCurvature)) {
        throw new IllegalArgumentException(
            "linearised predictions need a posterior of the last layer alone or one of KFAC, this"
                + " one varies "
                + posterior.layers().stream().map(c -> c.layer().name()).toList()
                + " with curvature of another kind: predict with BayesianPredictor");
      }
    }
    TracedModel traced = TracedModel.of(block);
    List<LaplaceLayer> known = traced.layers().stream().map(TracedLayer::layer).toList();
    int[] layers = posterior.layers().stream().mapToInt(c -> known.indexOf(c.layer())).toArray();
    if (Arrays.stream(layers).anyMatch(l -> l < 0)) {
      throw new IllegalArgumentException(
          "linearised predictions need a posterior of the model's own layers "
              + known.stream().map(LaplaceLayer::name).toList()
              + ", this one varies "
              + posterior.layers().stream().map(c -> c.layer().name()).toList()
              + ": give the model that it was fitted to");
    }
    return new NetworkLinearisation(block, traced, posterior, layers);
  }

  /** Hands out every row of every batch. */
  void forEach(LabelledBatches batches, Batches listener, Rows consumer) throws IOException {
    LogitEvidence evidence = LogitEvidence.ofBareModel();
    int[] row = {0};
    try (InferencePass pass = InferencePass.of(block);
        GradientCollector collector = pass.manager().getEngine().newGradientCollector()) {
      TracedGradients gradients =
          new TracedGradients(traced, new FrozenParameters(pass.manager()), collector);
      batches.forEach(
          pass.manager(),
          (inputs, labels) -> {
            if (row[0] == 0) {
              gradients.requireSame(pass, inputs, "LastLayerLaplace");
            }
            int rows = Math.toIntExact(inputs.head().getShape().get(0));
            long[] size = {0};
            int classes = size(inputs, gradients, size);
            listener.begin(rows, classes, labels);
            int step = (int) Math.max(1, Math.min(rows, MOST_VALUES / Math.max(size[0], 1)));
            for (int from = 0; from < rows; from += step) {
              int to = Math.min(rows, from + step);
              new Chunk(inputs, rows, from, to, classes, gradients, evidence, row[0])
                  .forEach(consumer, row[0] + from);
            }
            row[0] += rows;
          });
    }
    if (row[0] > 0) {
      evidence.requireLogits(false);
    }
  }

  /** Classes, and values kept of a row, by a pass over the first one. */
  private int size(NDList inputs, TracedGradients gradients, long[] size) {
    try (NDManager own = inputs.head().getManager().newSubManager()) {
      long rows = inputs.head().getShape().get(0);
      NDList one = rows(inputs, rows, 0, 1, own);
      long[] places = new long[traced.layers().size()];
      int classes =
          Logits.of(gradients.forward(one, own, (l, in) -> {}), new int[1], 0, null).classes();
      gradients.placesOf(places);
      for (int l : layers) {
        LaplaceLayer layer = traced.layers().get(l).layer();
        size[0] += places[l] * (layer.inputs() + (long) classes * layer.outputs());
      }
      return classes;
    }
  }

  private static NDList rows(NDList inputs, long all, int from, int to, NDManager own) {
    NDList part = new NDList();
    for (NDArray input : inputs) {
      boolean perRow = input.getShape().dimension() > 0 && input.getShape().get(0) == all;
      NDArray some = perRow ? input.get(new NDIndex("{}:{}", from, to)) : input.stopGradient();
      some.attach(own);
      some.setName(input.getName());
      part.add(some);
    }
    return part;
  }

  /** Some rows of a batch. */
  private final class Chunk {
    private final int rows;
    private final int classes;
    private final float[] logits;
    private final List<List<float[]>> inputs = new ArrayList<>();
    private final float[][][] gradients;

    Chunk(
        NDList batch,
        int all,
        int from,
        int to,
        int classes,
        TracedGradients traces,
        LogitEvidence evidence,
        long firstRow) {
      this.rows = to - from;
      this.classes = classes;
      this.gradients = new float[traced.layers().size()][classes][];
      traced.layers().forEach(l -> inputs.add(new ArrayList<>()));
      float[][] outputs = new float[1][];
      for (int c = 0; c < classes; c++) {
        boolean first = c == 0;
        int k = c;
        try (NDManager own = batch.head().getManager().newSubManager()) {
          NDList some = rows(batch, all, from, to, own);
          NDList out =
              traces.forward(
                  some,
                  own,
                  (layer, in) -> {
                    if (first) {
                      traced
                          .layers()
                          .get(layer)
                          .forEachInput(in, own, x -> inputs.get(layer).add(x.toFloatArray()));
                    }
                  });
          if (first) {
            Logits.of(out, new int[rows], firstRow + from, evidence);
            outputs[0] = out.head().toFloatArray();
          }
          float[] factors = new float[rows * classes];
          for (int r = 0; r < rows; r++) {
            factors[r * classes + k] = 1;
          }
          traces.backward(out, factors, own, (layer, g) -> gradients[layer][k] = g.toFloatArray());
        }
      }
      this.logits = outputs[0];
    }

    void forEach(Rows consumer, int firstRow) {
      IntStream.range(0, rows)
          .parallel()
          .forEach(
              r -> {
                double[] means = new double[classes];
                Arrays.setAll(means, c -> logits[r * classes + c]);
                double[] covariance = new double[classes * classes];
                for (int l = 0; l < layers.length; l++) {
                  posterior.addOutputCovariance(l, jacobian(layers[l], r), covariance);
                }
                consumer.accept(firstRow + r, means, covariance);
              });
    }

    private LayerJacobian jacobian(int index, int row) {
      LaplaceLayer layer = traced.layers().get(index).layer();
      int places = gradients[index][0].length / layer.outputs() / rows;
      double[] columns = new double[layer.columns() * places];
      if (layer.bias() != null) {
        Arrays.fill(columns, layer.inputs() * places, columns.length, 1);
      }
      // Parts of the inputs are of several rows each.
      int before = 0;
      for (float[] part : inputs.get(index)) {
        int inPart = part.length / layer.inputs() / places;
        if (row < before + inPart) {
          copy(part, layer.inputs(), inPart * places, (row - before) * places, places, columns);
          break;
        }
        before += inPart;
      }
      List<double[]> ofClasses = new ArrayList<>();
      for (float[] gradient : gradients[index]) {
        double[] own = new double[layer.outputs() * places];
        copy(gradient, layer.outputs(), rows * places, row * places, places, own);
        ofClasses.add(own);
      }
      return new LayerJacobian(places, columns, ofClasses);
    }

    /** Some columns of a matrix. */
    private static void copy(
        float[] from, int height, int width, int first, int count, double[] to) {
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < count; j++) {
          to[i * count + j] = from[i * width + first + j];
        }
      }
    }
  }
}

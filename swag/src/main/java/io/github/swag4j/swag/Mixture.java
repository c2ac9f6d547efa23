package io.github.swag4j.swag;

import io.github.swag4j.base.MixtureWeights;
import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several posteriors as one, p(w) = sum_m weight_m p_m(w): a deep ensemble where the components are
 * points, MultiSWAG where they are SWAG posteriors of runs that were trained apart. Components may
 * be mixtures again.
 *
 * <p><b>How samples are shared.</b> All samples count alike, so the weights show in how many each
 * component has. No chance decides it: of the first S samples component m has between S weight_m -
 * 1 and S weight_m + 1 for every S, by the series of Tijdeman 1980, whose largest difference 1 - 1
 * / (2 M - 2) no other series betters. With equal weights sample i is of component i mod M, as its
 * own sample i / M. Unequal weights are thus met to within 1 / S; who wants them exact predicts
 * with each component and weighs the predictions.
 *
 * <p>Each component draws with a seed of its own, a hash of the seed and its place: two components
 * that are alike do not draw the same noise. A component that is a point, or has so many members
 * and no more, begins again after its last one. Components of weight 0 are never drawn from.
 *
 * @see <a href="https://arxiv.org/abs/1612.01474">Lakshminarayanan et al. 2017, Simple and Scalable
 *     Predictive Uncertainty Estimation using Deep Ensembles</a>
 * @see <a href="https://arxiv.org/abs/2002.08791">Wilson and Izmailov 2020, Bayesian Deep Learning
 *     and a Probabilistic Perspective of Generalization (MultiSWAG)</a>
 * @see <a href="https://doi.org/10.1016/0012-365X(80)90269-1">Tijdeman 1980, The chairman
 *     assignment problem</a>
 */
public final class Mixture implements WeightPosterior {

  private final List<WeightPosterior> components;
  private final double[] weights;

  /** Components of weight above 0, by their place. */
  private final int[] drawn;

  private final Apportionment series;
  private final int most;

  Mixture(List<? extends WeightPosterior> components, double[] weights) {
    this.components = List.copyOf(components);
    requireLayouts();
    this.weights = MixtureWeights.shares(weights, components.size(), "component");
    this.drawn = indices(this.weights);
    this.series =
        new Apportionment(Arrays.stream(drawn).mapToDouble(m -> this.weights[m]).toArray());
    this.most = most();
  }

  /** Every component with the same weight. */
  Mixture(List<? extends WeightPosterior> components) {
    this(components, equalWeights(components.size()));
  }

  private static double[] equalWeights(int components) {
    double[] equal = new double[components];
    Arrays.fill(equal, 1.0 / components);
    return equal;
  }

  private void requireLayouts() {
    if (components.isEmpty()) {
      throw new IllegalArgumentException("a mixture must have at least 1 component, got 0");
    }
    for (int m = 1; m < components.size(); m++) {
      try {
        layout().requireSame(components.get(m).layout());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "all components of a mixture must be of one layout, component "
                + m
                + " differs from component 0: "
                + e.getMessage(),
            e);
      }
    }
  }

  private static int[] indices(double[] weights) {
    int[] out = new int[weights.length];
    int count = 0;
    for (int m = 0; m < weights.length; m++) {
      if (weights[m] > 0) {
        out[count++] = m;
      }
    }
    return Arrays.copyOf(out, count);
  }

  /** Samples after which every member of every component was drawn as often as it weighs. */
  private int most() {
    int largest = 0;
    for (int m : drawn) {
      largest = Math.max(largest, members(m));
    }
    if (largest == Integer.MAX_VALUE || !series.isEqual()) {
      return Integer.MAX_VALUE;
    }
    for (int m : drawn) {
      if (largest % members(m) != 0) {
        return Integer.MAX_VALUE;
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, (long) largest * drawn.length);
  }

  /** Different samples that a component has. */
  private int members(int component) {
    WeightPosterior of = components.get(component);
    return of.isPoint() ? 1 : of.mostSamples();
  }

  /**
   * What is mixed.
   *
   * @return the components in the order given, those of weight 0 among them
   */
  public List<WeightPosterior> components() {
    return components;
  }

  /**
   * The weights.
   *
   * @return {@code [components]}, at least 0, sum 1; a copy
   */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * Which component a sample comes from, whatever the seed.
   *
   * @param index which sample of the series, at least 0
   * @return its place among the components
   * @throws IllegalArgumentException if there is no such sample
   */
  public int component(int index) {
    requireIndices(index, 1);
    return drawn[series.turns(index, 1)[0].component()];
  }

  @Override
  public WeightLayout layout() {
    return components.get(0).layout();
  }

  /**
   * The weighted mean of the components' means, computed at each call. <b>Do not predict with
   * it</b> where the components come from runs trained apart: between two basins the loss is high,
   * and weights of permuted units cancel. It is the mean of the distribution and no more; {@code
   * BayesianPredictor} never asks for it.
   *
   * @return sum_m weight_m mean_m
   */
  @Override
  public Weights mean() {
    List<Weights> means = new ArrayList<>();
    for (int m : drawn) {
      means.add(components.get(m).mean());
    }
    float[][] out = Blocks.allocate(layout());
    for (int t = 0; t < out.length; t++) {
      double[] sum = new double[out[t].length];
      for (int j = 0; j < drawn.length; j++) {
        FloatBuffer values = means.get(j).values(t);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += weights[drawn[j]] * values.get(i);
        }
      }
      for (int i = 0; i < sum.length; i++) {
        out[t][i] = (float) sum[i];
      }
    }
    return Weights.adopt(layout(), out);
  }

  @Override
  public Weights sample(long seed, int index) {
    return samples(seed, index, 1).get(0);
  }

  @Override
  public List<Weights> samples(long seed, int first, int howMany) {
    requireIndices(first, howMany);
    Weights[] out = new Weights[howMany];
    Apportionment.Turn[] turns = series.turns(first, howMany);
    for (int j = 0; j < drawn.length; j++) {
      int m = drawn[j];
      int[] places = places(turns, j);
      long own = SplitMix.mix(seed + SplitMix.GAMMA * (m + 1));
      for (int p = 0; p < places.length; ) {
        // A component's own samples follow each other up to its last one: it draws them together.
        int begin = turns[places[p]].own() % members(m);
        int run = Math.min(places.length - p, members(m) - begin);
        for (Weights sample : components.get(m).samples(own, begin, run)) {
          out[places[p++]] = sample;
        }
      }
    }
    return List.of(out);
  }

  private static int[] places(Apportionment.Turn[] turns, int component) {
    int[] out = new int[turns.length];
    int count = 0;
    for (int i = 0; i < turns.length; i++) {
      if (turns[i].component() == component) {
        out[count++] = i;
      }
    }
    return Arrays.copyOf(out, count);
  }

  private void requireIndices(int first, int howMany) {
    if (first < 0 || howMany < 1) {
      throw new IllegalArgumentException(
          "samples must begin at 0 or later and be at least 1, got " + howMany + " from " + first);
    }
    if ((long) first + howMany > most) {
      throw new IllegalArgumentException(
          "sample index must be below the "
              + most
              + " members there are, got "
              + ((long) first + howMany - 1)
              + ": take "
              + most
              + " samples");
    }
  }

  @Override
  public boolean isPoint() {
    return drawn.length == 1 && components.get(drawn[0]).isPoint();
  }

  @Override
  public int mostSamples() {
    return most;
  }

  @Override
  public String toString() {
    return "mixture of " + components.size() + " posteriors over " + layout();
  }
}

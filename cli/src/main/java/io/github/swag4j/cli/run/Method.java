package io.github.swag4j.cli.run;

import io.github.swag4j.swag.WeightPosterior;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

/**
 * The ways a run can predict: what training each needs, whether of one network or of several, and
 * how many samples it predicts with. What it predicts with is made by {@link MethodPosteriors}.
 */
public enum Method {
  /** Weights after the last epoch of plain SGD. */
  SGD("sgd", "SGD", Phase.PLAIN, Of.ONE, Samples.ONE),
  /** Average of the weights along training. */
  SWA("swa", "SWA", Phase.AVERAGED, Of.ONE, Samples.ONE),
  /** Gaussian posterior with a diagonal and low-rank covariance. */
  SWAG("swag", "SWAG", Phase.AVERAGED, Of.ONE, Samples.ASKED),
  /** Gaussian posterior with a diagonal covariance. */
  SWAG_DIAG("swag-diag", "SWAG-diag", Phase.AVERAGED, Of.ONE, Samples.ASKED),
  /** SWAG posteriors of independent trainings, each as likely. */
  MULTISWAG("multiswag", "MultiSWAG", Phase.AVERAGED, Of.MEMBERS, Samples.ASKED_OF_EACH),
  /** Plain SGD of independent trainings. */
  ENSEMBLE("ensemble", "Deep ensemble", Phase.PLAIN, Of.MEMBERS, Samples.MEMBERS),
  /** Snapshots at the lowest points of a cyclic rate. */
  FGE("fge", "FGE", Phase.CYCLIC, Of.ONE, Samples.MEMBERS),
  /** Plain SGD with dropout left active, other units dropped in each sample. */
  DROPOUT("dropout", "MC dropout", Phase.PLAIN, Of.ONE, Samples.ASKED),
  /** Gaussian over the last layer, by the curvature at the weights of plain SGD. */
  LAPLACE("laplace", "Laplace, last layer", Phase.PLAIN, Of.ONE, Samples.ASKED),
  /** The same over all linear and convolution layers, Kronecker-factored. */
  KFAC_LAPLACE("kfac-laplace", "Laplace, KFAC", Phase.PLAIN, Of.ONE, Samples.ASKED);

  private enum Of {
    ONE,
    MEMBERS
  }

  private enum Samples {
    ONE,
    MEMBERS,
    ASKED,
    ASKED_OF_EACH
  }

  private final String id;
  private final String title;
  private final Phase phase;
  private final Of of;
  private final Samples samples;

  Method(String id, String title, Phase phase, Of of, Samples samples) {
    this.id = id;
    this.title = title;
    this.phase = phase;
    this.of = of;
    this.samples = samples;
  }

  public String id() {
    return id;
  }

  public String title() {
    return title;
  }

  /** The training that its weights come from. */
  public Phase phase() {
    return phase;
  }

  /** Whether it takes several trainings from initial weights of their own. */
  public boolean ofMembers() {
    return of == Of.MEMBERS;
  }

  /** Whether all its samples have the batch-norm statistics of plain SGD. */
  public boolean hasStatisticsOfSgd() {
    return this == DROPOUT || isLaplace();
  }

  /** Whether its samples are of SWAG posteriors, and so depend on their scale. */
  public boolean isSwag() {
    return this == SWAG || this == SWAG_DIAG || this == MULTISWAG;
  }

  /** Whether its posterior is fitted to the training rows after training. */
  public boolean isLaplace() {
    return this == LAPLACE || this == KFAC_LAPLACE;
  }

  /** Whether it predicts with several weight vectors, so that these can disagree. */
  public boolean hasSamples() {
    return samples != Samples.ONE;
  }

  /** Whether the number of samples asked for changes what it predicts. */
  public boolean takesSamples() {
    return samples == Samples.ASKED || samples == Samples.ASKED_OF_EACH;
  }

  /** Samples it predicts with where so many are asked for: each member of an ensemble once. */
  public int samples(WeightPosterior posterior, int asked, int members) {
    return samples == Samples.MEMBERS
        ? posterior.isPoint() ? 1 : posterior.mostSamples()
        : samples(asked, members);
  }

  /**
   * Samples of a method that takes as many as are asked for: of several posteriors the same number
   * of each, at least one.
   */
  public int samples(int asked, int members) {
    return switch (samples) {
      case ONE, MEMBERS -> 1;
      case ASKED -> asked;
      case ASKED_OF_EACH -> (asked + members - 1) / members * members;
    };
  }

  /** What is predicted with unless others are asked for. */
  public static final List<Method> DEFAULTS = List.of(SGD, SWA, SWAG);

  /** The ids of all methods, with commas between. */
  public static String ids() {
    return String.join(", ", Arrays.stream(values()).map(Method::id).toList());
  }

  /**
   * The methods of these ids, in the order of tables.
   *
   * @throws UsageException if one is no method, or there twice
   */
  public static List<Method> named(Collection<String> ids) {
    EnumSet<Method> named = EnumSet.noneOf(Method.class);
    for (String id : ids) {
      if (!named.add(named(id))) {
        throw new UsageException("--method must name a method once, got '" + id + "' twice");
      }
    }
    return List.copyOf(named);
  }

  static Method named(String id) {
    return Arrays.stream(values())
        .filter(m -> m.id.equals(id))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--method must be one of " + ids() + ", got '" + id + "'"));
  }
}

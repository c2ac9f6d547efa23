package io.github.swag4j.cli.run;

import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each method draws weights from, made of what the training of a run left. */
public final class MethodPosteriors {
  private final RunDirectory run;
  private final List<TrainedMember> members;

  private MethodPosteriors(RunDirectory run, List<TrainedMember> members) {
    this.run = run;
    this.members = members;
  }

  /**
   * Of a run in the making.
   *
   * @param run where its snapshots are, if it has any
   * @param members what each network left
   */
  public static MethodPosteriors of(RunDirectory run, List<TrainedMember> members) {
    return new MethodPosteriors(run, members);
  }

  /**
   * Of a finished run that was trained for these methods.
   *
   * @throws IOException if a file that one of them needs is missing, damaged or another's
   */
  public static MethodPosteriors read(
      RunDirectory run, RunDescription description, List<Method> methods, WeightLayout layout)
      throws IOException {
    RunConfig config = description.config();
    Double scale = description.posteriorScale(run);
    int networks = methods.stream().anyMatch(Method::ofMembers) ? config.methods().members() : 1;
    List<TrainedMember> members = new ArrayList<>();
    for (int m = 1; m <= networks; m++) {
      int member = m;
      for (Method method : methods) {
        boolean fitted = method.isLaplace() && Files.exists(run.laplace(method));
        if (!fitted && (member == 1 || method.ofMembers())) {
          run.member(member).require(method.phase());
        }
      }
      members.add(
          run.member(member)
              .read(layout, method -> RunProvenance.of(description, member, method))
              .atScale(scale));
    }
    return new MethodPosteriors(run, members);
  }

  /**
   * Checks that a run was trained for some methods.
   *
   * @throws UsageException if it was not for one of them
   */
  public static void requireTrained(RunDirectory run, RunConfig config, List<Method> methods) {
    methods.forEach(method -> requireTrained(run, config, method));
  }

  private static void requireTrained(RunDirectory run, RunConfig config, Method method) {
    Methods.requirePossible(method, config.fromTrained(), config.dropout());
    boolean trained =
        config.methods().need(method.phase(), method.ofMembers() ? 2 : 1)
            || config.fromTrained() && method.phase() == Phase.PLAIN;
    if (!trained) {
      throw new UsageException(
          "--method "
              + method.id()
              + " needs weights that "
              + run.path()
              + " has not: it was trained for "
              + String.join(", ", config.methods().method())
              + ", train one with --method "
              + method.id());
    }
  }

  /** Fits a Laplace posterior around weights of plain SGD. */
  @FunctionalInterface
  public interface Laplace {
    /** The posterior of one of the methods that are fitted after training. */
    WeightPosterior fit(Method method, Weights sgd) throws IOException;
  }

  /** Samples that a method draws where so many are asked for. */
  int samples(Method method, int asked, int networks) throws IOException {
    if (method.hasStatisticsOfSgd()) {
      return asked;
    }
    WeightPosterior posterior = of(method);
    return posterior.isPoint() ? 1 : drawn(posterior, method.samples(posterior, asked, networks));
  }

  /** No more than there are: at scale 0 a mixture has one of each network. */
  static int drawn(WeightPosterior posterior, int samples) {
    return posterior.isPoint() ? samples : Math.min(samples, posterior.mostSamples());
  }

  /** Weights of plain SGD, null if no method asked for takes them. */
  public Weights sgd() {
    return members.get(0).sgd();
  }

  /** The posteriors of these methods, in their order. */
  public Map<Method, WeightPosterior> of(List<Method> methods, Laplace laplace) throws IOException {
    Map<Method, WeightPosterior> out = new LinkedHashMap<>();
    for (Method method : methods) {
      out.put(method, method.isLaplace() ? laplace.fit(method, sgd()) : of(method));
    }
    return out;
  }

  private WeightPosterior of(Method method) throws IOException {
    TrainedMember first = members.get(0);
    return switch (method) {
      case SGD, DROPOUT -> WeightPosterior.point(first.sgd());
      case SWA -> WeightPosterior.point(first.swa());
      case SWAG, SWAG_DIAG, MULTISWAG -> swag(method, members);
      case ENSEMBLE ->
          WeightPosterior.mixture(
              members.stream().map(m -> WeightPosterior.point(m.sgd())).toList());
      case FGE -> WeightPosterior.snapshots(SnapshotEnsemble.open(run.snapshots()));
      case LAPLACE, KFAC_LAPLACE ->
          throw new IllegalArgumentException(method + " is fitted after training");
    };
  }

  /** What a method draws from that {@link Method#isSwag()}. */
  static WeightPosterior swag(Method method, List<TrainedMember> members) {
    SwagPosterior first = members.get(0).posterior();
    return switch (method) {
      case SWAG -> first;
      case SWAG_DIAG -> first.diagonal();
      case MULTISWAG ->
          WeightPosterior.mixture(members.stream().map(TrainedMember::posterior).toList());
      default -> throw new IllegalArgumentException(method + " draws from no SWAG posterior");
    };
  }
}

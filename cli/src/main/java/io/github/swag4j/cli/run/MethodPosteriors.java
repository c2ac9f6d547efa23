package io.github.swag4j.cli.run;

import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
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
   * Of a finished run.
   *
   * @param methods what it is asked for
   * @throws UsageException if it was not trained for one of them
   */
  public static MethodPosteriors read(
      RunDirectory run, RunConfig config, List<Method> methods, WeightLayout layout)
      throws IOException {
    for (Method method : methods) {
      requireTrained(run, config, method);
    }
    int networks = methods.stream().anyMatch(Method::ofMembers) ? config.methods().members() : 1;
    List<TrainedMember> members = new ArrayList<>();
    for (int member = 1; member <= networks; member++) {
      members.add(run.member(member).read(layout));
    }
    return new MethodPosteriors(run, members);
  }

  private static void requireTrained(RunDirectory run, RunConfig config, Method method) {
    boolean trained =
        config.methods().need(method.phase(), method.ofMembers() ? 2 : 1)
            || config.fromTrained() && method == Method.SGD;
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

  /** The posteriors of these methods, in their order. */
  public Map<Method, WeightPosterior> of(List<Method> methods) throws IOException {
    Map<Method, WeightPosterior> out = new LinkedHashMap<>();
    for (Method method : methods) {
      out.put(method, of(method));
    }
    return out;
  }

  private WeightPosterior of(Method method) throws IOException {
    TrainedMember first = members.get(0);
    return switch (method) {
      case SGD -> WeightPosterior.point(first.sgd());
      case SWA -> WeightPosterior.point(first.swa());
      case SWAG -> first.posterior();
      case SWAG_DIAG -> first.posterior().diagonal();
      case MULTISWAG ->
          WeightPosterior.mixture(members.stream().map(TrainedMember::posterior).toList());
      case ENSEMBLE ->
          WeightPosterior.mixture(
              members.stream().map(m -> WeightPosterior.point(m.sgd())).toList());
      case FGE -> WeightPosterior.snapshots(SnapshotEnsemble.open(run.snapshots()));
    };
  }
}

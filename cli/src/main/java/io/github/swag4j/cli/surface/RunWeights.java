package io.github.swag4j.cli.surface;

import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The weight vectors of a run's first network that surfaces go through. */
final class RunWeights {
  private final RunDirectory run;
  private final RunDescription description;
  private final WeightLayout layout;

  RunWeights(RunDirectory run, RunDescription description, WeightLayout layout) {
    this.run = run;
    this.description = description;
    this.layout = layout;
  }

  /** Weights of plain SGD, if the run has them. */
  Optional<Weights> sgd() throws IOException {
    return has(Method.SGD) ? Optional.of(mean(Method.SGD)) : Optional.empty();
  }

  /** The average, if the run has it. */
  Optional<Weights> swa() throws IOException {
    return has(Method.SWA) ? Optional.of(mean(Method.SWA)) : Optional.empty();
  }

  /** Weights by the method that has one weight vector. */
  Weights named(String method) throws IOException {
    Method found =
        switch (method) {
          case "sgd" -> Method.SGD;
          case "swa" -> Method.SWA;
          default ->
              throw new UsageException("--line must be of sgd and swa, got '" + method + "'");
        };
    require(found);
    return mean(found);
  }

  /** The posterior. */
  SwagPosterior swag() throws IOException {
    require(Method.SWAG);
    return (SwagPosterior) posteriors(Method.SWAG).of(List.of(Method.SWAG), null).get(Method.SWAG);
  }

  /** The snapshots of the cyclic rate, three at least. */
  SnapshotEnsemble snapshots() throws IOException {
    require(Method.FGE);
    SnapshotEnsemble snapshots = SnapshotEnsemble.open(run.snapshots());
    layout.requireSame(snapshots.layout());
    if (snapshots.size() < 3) {
      RunConfig config = description.config();
      int cycle = config.methods().fgeCycle();
      throw new IOException(
          run.snapshots()
              + ": a plane takes three snapshots, the run has "
              + snapshots.size()
              + ": train again with --epochs "
              + (config.averaging().swaStart() + 2 * cycle + cycle / 2)
              + " or more");
    }
    return snapshots;
  }

  private MethodPosteriors posteriors(Method method) throws IOException {
    return MethodPosteriors.read(run, description, List.of(method), layout);
  }

  private Weights mean(Method method) throws IOException {
    return posteriors(method).of(List.of(method), null).get(method).mean();
  }

  private boolean has(Method method) {
    try {
      MethodPosteriors.requireTrained(run, description.config(), List.of(method));
      return true;
    } catch (UsageException e) {
      return false;
    }
  }

  private void require(Method method) {
    if (has(method)) {
      return;
    }
    RunConfig config = description.config();
    String methods = String.join(",", config.methods().method()) + "," + method.id();
    throw new UsageException(
        run.path()
            + " has no weights of "
            + method.id()
            + ", it was trained for "
            + String.join(", ", config.methods().method())
            + ": make them with '"
            + LauncherName.get()
            + " train --data "
            + config.data().name()
            + (config.data().trainLimit() == null
                ? ""
                : " --train-limit " + config.data().trainLimit())
            + " --model "
            + config.model()
            + (config.fromTrained() ? " --from-trained" : "")
            + " --epochs "
            + config.optimiser().epochs()
            + " --method "
            + methods
            + " --out DIR'");
  }
}

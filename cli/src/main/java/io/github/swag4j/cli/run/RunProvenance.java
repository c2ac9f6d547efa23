package io.github.swag4j.cli.run;

import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule.PiecewiseLinear;
import io.github.swag4j.swag.io.Provenance;
import java.util.stream.Collectors;

/** Where the posteriors of a run come from, in the words that stand in their files. */
final class RunProvenance {
  private RunProvenance() {}

  /** That of one network, from 1. */
  static Provenance of(RunDescription description, int member) {
    RunConfig config = description.config();
    int start = config.averaging().swaStart();
    int epochs = config.optimiser().epochs();
    Provenance known =
        Provenance.unknown()
            .with(
                Provenance.PLAN,
                "after each epoch from "
                    + (start + 1)
                    + " to "
                    + epochs
                    + ", model "
                    + config.model())
            .with(Provenance.RATES, rates(config))
            .with(Provenance.SEED, Integer.toString(Training.seed(config.seed(), member)))
            .with(Provenance.PROGRAM, "swag4j " + Versions.program());
    RunDescription.DataFingerprint train = description.data().get("train");
    return train == null
        ? known
        : known.with(
            Provenance.DATA,
            train.name() + ", " + train.rows() + " rows, sha256 " + train.sha256());
  }

  private static String rates(RunConfig config) {
    LearningRateSchedule schedule = Schedules.averaged(config);
    String words =
        schedule instanceof PiecewiseLinear linear
            ? linear.points().stream()
                .map(point -> point.rate() + " at epoch " + point.epoch())
                .collect(Collectors.joining(", then linear to "))
            : schedule.toString();
    return words
        + "; SGD of momentum "
        + config.optimiser().momentum()
        + ", weight decay "
        + config.optimiser().weightDecay();
  }
}

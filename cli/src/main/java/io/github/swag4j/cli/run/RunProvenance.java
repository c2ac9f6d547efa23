package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule.PiecewiseLinear;
import io.github.swag4j.swag.io.Provenance;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the weights and posteriors of a run come from, in the words that stand in their files; held
 * against those when they are read, as files of one model all fit into each other's place.
 */
final class RunProvenance {

  /** What makes a file another; the rest is for people. */
  private static final List<String> KNOWN_BY =
      List.of(Provenance.METHOD, Provenance.SEED, Provenance.DATA);

  private RunProvenance() {}

  /** That of what a method leaves of one network, from 1. */
  static Provenance of(RunDescription description, int member, Method method) {
    RunConfig config = description.config();
    int start = config.averaging().swaStart();
    int epochs = config.optimiser().epochs();
    Provenance known = Provenance.unknown().with(Provenance.METHOD, method.id());
    if (method.phase() == Phase.AVERAGED) {
      known =
          known
              .with(
                  Provenance.PLAN,
                  "after each epoch from "
                      + (start + 1)
                      + " to "
                      + epochs
                      + ", model "
                      + config.model())
              .with(Provenance.RATES, rates(config));
    }
    known =
        known
            .with(Provenance.SEED, Integer.toString(Training.seed(config.seed(), member)))
            .with(Provenance.PROGRAM, "swag4j " + Versions.program());
    RunDescription.DataFingerprint train = description.data().get("train");
    return train == null
        ? known
        : known.with(
            Provenance.DATA,
            train.name() + ", " + train.rows() + " rows, sha256 " + train.sha256());
  }

  /**
   * Checks that a file is the one that was written there, as far as it says what it is.
   *
   * @throws WeightFormatException if it says that it is another
   */
  static void requireOwn(Path file, Provenance stored, Provenance expected)
      throws WeightFormatException {
    for (String key : KNOWN_BY) {
      String own = expected.fact(key).orElse(null);
      String found = stored.fact(key).orElse(own);
      if (own != null && !own.equals(found)) {
        throw new WeightFormatException(
            file,
            key
                + " must be "
                + own
                + ", got "
                + found
                + ": the file was written for another place, put the run's own back or train"
                + " again");
      }
    }
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

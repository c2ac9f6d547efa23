package io.github.swag4j.cli.comparison;

import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDescription.DataFingerprint;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds runs that were trained on other rows though their options name the same: data that changed
 * between them, as those of a study that is gone on with.
 */
final class TrainedOn {

  /** What was seen first. */
  private record Seen(RunDirectory run, String rows) {}

  private final Map<List<Object>, Seen> bySeed = new HashMap<>();
  private final Map<List<Object>, Seen> counts = new HashMap<>();

  /** Takes up a run; says so if one before it had other rows under the same options. */
  Optional<String> add(RunDirectory run, RunDescription description) {
    RunConfig config = description.config();
    RunConfig.Data data = config.data();
    DataFingerprint train = description.data().get("train");
    DataFingerprint held = description.data().get(RunImages.VALIDATION);
    if (train == null) {
      return Optional.empty();
    }
    List<Object> options = new ArrayList<>(TestRows.conversion(data));
    options.add(data.name());
    options.add(String.valueOf(data.directory()));
    options.add(data.order());
    options.add(String.valueOf(data.trainLimit()));
    options.add(String.valueOf(data.validationRows()));
    // Which rows are taken and held out depends on the seed, how many does not.
    Seen count = new Seen(run, train.rows() + (held == null ? 0 : held.rows()) + " rows");
    Seen other = other(counts, options, count);
    if (other == null) {
      List<Object> seeded = new ArrayList<>(options);
      seeded.add(config.seed());
      other = other(bySeed, seeded, new Seen(run, train.sha256()));
    }
    return other == null
        ? Optional.empty()
        : Optional.of(
            run.path()
                + ": was trained on other data than "
                + other.run().path()
                + " though its options name the same: what is averaged or compared over the two is"
                + " not of one experiment");
  }

  private static Seen other(Map<List<Object>, Seen> known, List<Object> key, Seen now) {
    Seen before = known.putIfAbsent(List.copyOf(key), now);
    return before == null || before.rows().equals(now.rows()) ? null : before;
  }
}

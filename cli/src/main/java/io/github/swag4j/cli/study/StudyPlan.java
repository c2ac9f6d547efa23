package io.github.swag4j.cli.study;

import io.github.swag4j.cli.config.CommandArguments;
import io.github.swag4j.cli.config.CommandArguments.Hint;
import io.github.swag4j.cli.config.ConfigValue.Place;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.study.StudyFile.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The jobs of a study: every variant under every limit of rows and every seed, a whole comparison
 * of the first seed before the second.
 */
public final class StudyPlan {
  private static final String THREADS = "threads";

  private StudyPlan() {}

  /** What the options of {@code train} come to. */
  @FunctionalInterface
  public interface Configuring {
    /**
     * Parses and checks options.
     *
     * @param places where they are from
     */
    RunConfig config(List<String> words, Map<String, Place> places);
  }

  /**
   * Plans a study; all its options are checked before any job begins.
   *
   * @param train the command of the jobs
   */
  public static List<Job> jobs(
      StudyFile study, CommandSpec train, Hint hint, Configuring configuring) {
    List<Job> jobs = new ArrayList<>();
    for (int seed : study.seeds()) {
      for (Integer limit : study.limits()) {
        for (Variant variant : study.variants()) {
          jobs.add(job(study, variant, limit, seed, train, hint, configuring));
        }
      }
    }
    return jobs;
  }

  private static Job job(
      StudyFile study,
      Variant variant,
      Integer limit,
      int seed,
      CommandSpec train,
      Hint hint,
      Configuring configuring) {
    CommandArguments own = CommandArguments.of(variant.options(), train, List.of(), hint);
    List<OptionSpec> given = own.places().keySet().stream().map(train::findOption).toList();
    CommandArguments common = CommandArguments.of(study.options(), train, given, hint);
    List<String> words = new ArrayList<>(common.words());
    words.addAll(own.words());
    Map<String, Place> places = new LinkedHashMap<>(common.places());
    places.putAll(own.places());
    words.add("--seed=" + seed);
    if (limit != null) {
      words.add("--train-limit=" + limit);
    }
    if (!places.containsKey("--" + THREADS)) {
      words.add("--" + THREADS + "=1");
    }
    RunConfig config = configuring.config(words, places);
    String rows = limit == null ? "all" : Integer.toString(limit);
    String group =
        !study.limited()
            ? ""
            : limit == null
                ? "all training rows"
                : String.format(Locale.ROOT, "%,d training rows", limit);
    return new Job(
        "train-" + rows + "/" + variant.name() + "/seed-" + seed,
        group,
        List.copyOf(words),
        config,
        !words.contains("--no-temperature"),
        study.shifts());
  }
}

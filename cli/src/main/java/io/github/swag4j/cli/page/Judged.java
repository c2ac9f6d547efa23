package io.github.swag4j.cli.page;

/**
 * A file of predictions with all that was asked of it.
 *
 * @param evaluation its numbers
 * @param intervals their intervals, or null where none were asked for
 * @param groups its groups, or null
 * @param windows its windows, or null
 */
public record Judged(
    Evaluation evaluation,
    MetricIntervals intervals,
    GroupIntervals groups,
    WindowIntervals windows) {

  /** The metrics of every table, by their names in JSON. */
  public static double score(Evaluation.Scores scores, String key) {
    return switch (key) {
      case "accuracy" -> scores.accuracy();
      case "nll" -> scores.nll();
      case "brier" -> scores.brier();
      case "ece" -> scores.ece();
      default -> throw new IllegalArgumentException("no score is called " + key);
    };
  }
}

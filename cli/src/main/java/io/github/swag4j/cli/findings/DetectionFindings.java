package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.cli.findings.Finding.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How well unusual rows are told from ordinary ones, by which score, and whether that is chance.
 */
public final class DetectionFindings {

  /** An AUROC below this is little use, whatever its interval. */
  private static final double WEAK = 0.7;

  private DetectionFindings() {}

  /**
   * How well one score tells the rows apart.
   *
   * @param name the score, and the method it is of, in words of a sentence
   * @param auroc area under the receiver operating characteristic
   * @param interval its 95 % interval, unknown of a single row
   * @param fpr95 share of ordinary rows called unusual where 95 % of the unusual ones are found
   */
  public record Scored(String name, double auroc, Interval interval, double fpr95) {}

  /**
   * The finding.
   *
   * @param ordinary name of the ordinary rows
   * @param unusual name of the unusual rows
   * @param scores the scores, at least one
   * @param ranking how they compare on the same rows; null where that is not known
   */
  public static Finding of(String ordinary, String unusual, List<Scored> scores, Ranking ranking) {
    Scored best = scores.get(0);
    for (Scored each : scores) {
      best = each.auroc() > best.auroc() ? each : best;
    }
    StringBuilder text = new StringBuilder();
    boolean known = !Double.isNaN(best.interval().lower());
    if (known && best.interval().lower() <= 0.5) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s is not told from %s beyond chance by any score: AUROC %.3f at best (%s, 95 %%"
                  + " interval %.3f to %.3f; 0.5 is guessing).",
              unusual,
              ordinary,
              best.auroc(),
              best.name(),
              best.interval().lower(),
              best.interval().upper()));
      return Finding.of(Topic.DETECTION, text.toString());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s is told from %s best by %s: of a row of each, the unusual one scores higher in %s"
                + " of cases (AUROC%s). Finding 95 %% of the unusual rows calls %s of the ordinary"
                + " ones unusual, too%s.",
            unusual,
            ordinary,
            best.name(),
            Words.percent(best.auroc()),
            known ? ", 95 % interval " + Words.percent(best.interval()) : "",
            Words.percent(best.fpr95()),
            best.auroc() < WEAK ? ": weak" : ""));
    if (scores.size() > 1 && ranking != null) {
      text.append(compared(scores, ranking));
    }
    return Finding.of(Topic.DETECTION, text.toString());
  }

  private static String compared(List<Scored> scores, Ranking ranking) {
    if (ranking.isCertain()) {
      return " It is better than every other score beyond chance.";
    }
    List<String> alike = new ArrayList<>();
    ranking.alike().forEach(place -> alike.add(scores.get(place).name()));
    return " Beyond chance it is not better than " + Words.names(alike) + ".";
  }
}

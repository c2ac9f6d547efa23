package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of one set of predictions that sentences can be made of.
 *
 * @param name what the set is called
 * @param accuracy share of rows whose most probable class is right; what is stated is the mean
 *     confidence
 * @param overall stated and observed over all bins: the same, unless they are of one class
 * @param event whose probability the bins are of: {@code top label}, or one class
 * @param bins the bins that hold rows, from low probabilities to high ones
 * @param groups rows by the class they are predicted as, or by another column; may be empty
 * @param groupWords what the groups are, such as {@code predicted as}
 * @param commonest share of the most frequent label, NaN where it is not known
 * @param gain what a temperature would gain, if that is known
 */
public record Evidence(
    String name,
    Part accuracy,
    Part overall,
    String event,
    List<Part> bins,
    List<Part> groups,
    String groupWords,
    double commonest,
    Optional<TemperatureGain> gain) {

  /** The event of bins of confidences. */
  private static final String TOP_LABEL = "top label";

  private static final int FEWEST_DECIMALS = 2;
  private static final int MOST_DECIMALS = 6;

  /** Copies the lists. */
  public Evidence {
    bins = List.copyOf(bins);
    groups = List.copyOf(groups);
  }

  /**
   * Of a diagram alone, as streamed rows leave it.
   *
   * @param name what the set is called
   * @param diagram its bins
   * @param accuracy share of rows whose most probable class is right
   * @param meanConfidence mean of the largest probability
   */
  public static Evidence of(
      String name, ReliabilityDiagram diagram, double accuracy, double meanConfidence) {
    List<BinTotals> filled =
        diagram.binning().bins().stream().filter(bin -> !bin.isEmpty()).toList();
    int decimals = decimals(filled);
    List<Part> bins = filled.stream().map(bin -> Part.of(range(bin, decimals), bin)).toList();
    Part all = Part.of("all", diagram.binning().bins());
    return new Evidence(
        name,
        new Part("all", all.rows(), all.effectiveRows(), meanConfidence, accuracy),
        all,
        diagram.binning().event(),
        bins,
        List.of(),
        "",
        Double.NaN,
        Optional.empty());
  }

  /** Of rows in memory, grouped by the class they are predicted as. */
  public static Evidence of(String name, Predictions predictions, BinningConvention binning) {
    ReliabilityDiagram diagram = ReliabilityDiagram.of(predictions, binning);
    Groups groups = Groups.ofPredictedClasses(predictions);
    Part all = groups.all();
    Evidence known = of(name, diagram, all.observed(), all.stated());
    return new Evidence(
        name,
        all,
        known.overall(),
        known.event(),
        known.bins(),
        predictions.classes() > 2 ? groups.parts() : List.of(),
        "predicted as",
        groups.commonest(),
        TemperatureGain.of(predictions, binning));
  }

  /** The same set under another name. */
  public Evidence named(String other) {
    return new Evidence(other, accuracy, overall, event, bins, groups, groupWords, commonest, gain);
  }

  /** The same set with other groups. */
  public Evidence withGroups(String words, List<Part> parts) {
    return new Evidence(name, accuracy, overall, event, bins, parts, words, commonest, gain);
  }

  /** Whether the bins are of confidences, not of the probability of one class. */
  public boolean judgesTopLabel() {
    return event.equals(TOP_LABEL);
  }

  /** The interval of the accuracy. */
  Interval accuracyInterval() {
    return accuracy.observed(0.95);
  }

  /** As few decimals as tell the ends of every bin apart. */
  private static int decimals(List<BinTotals> bins) {
    int decimals = FEWEST_DECIMALS;
    for (BinTotals bin : bins) {
      while (decimals < MOST_DECIMALS && bin.lower() < bin.upper() && isOnePlace(bin, decimals)) {
        decimals++;
      }
    }
    return decimals;
  }

  private static boolean isOnePlace(BinTotals bin, int decimals) {
    String[] ends = range(bin, decimals).split(" to ", -1);
    return ends[0].equals(ends[1]);
  }

  private static String range(BinTotals bin, int decimals) {
    String end = "%." + decimals + "f";
    return String.format(
        Locale.ROOT, end + " to " + end, Math.max(0, bin.lower()), Math.min(1, bin.upper()));
  }
}

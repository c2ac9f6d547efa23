package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.CoverageDistribution;
import io.github.swag4j.calibration.conformal.PredictionSets;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** What conformal sets promise, and how they turned out on a file. */
public final class ConformalTables {
  private static final double LEVEL = 0.95;

  private final ConformalClassifier classifier;
  private final Predictions predictions;
  private final PredictionSets sets;

  public ConformalTables(
      ConformalClassifier classifier, Predictions predictions, PredictionSets sets) {
    this.classifier = classifier;
    this.predictions = predictions;
    this.sets = sets;
  }

  /**
   * The sets of some rows.
   *
   * @param name the class or the group
   * @param rows rows of it
   * @param covered rows whose set holds the label
   * @param meanSize mean number of classes in a set, NaN without rows
   */
  public record Part(String name, long rows, long covered, double meanSize) {

    /** Share of the rows whose set holds the label, NaN without rows. */
    public double coverage() {
      return rows == 0 ? Double.NaN : (double) covered / rows;
    }

    /** Clopper and Pearson's 95 % interval of it. */
    public Interval interval() {
      return BinomialInterval.clopperPearson(covered, rows, LEVEL);
    }
  }

  /** What was promised, by what. */
  public String promise() {
    ConformalClassifier.Options options = classifier.options();
    long fitted = classifier.strata().stream().mapToLong(s -> s.coverage().calibrationRows()).sum();
    String whom =
        switch (options.conditioning()) {
          case MARGINAL -> "on average over all rows";
          case CLASS -> "for the rows of each class";
          case GROUP -> "for the rows of each group";
        };
    long whole = classifier.strata().stream().filter(s -> s.coverage().isWhole()).count();
    return String.format(
        Locale.ROOT,
        "Sets (%s) hold the true class with probability %.4g %s; fitted on %,d rows%s",
        options.score(),
        1 - options.alpha(),
        whom,
        fitted,
        whole == 0
            ? ""
            : classifier.strata().size() == 1
                ? ", too few: every set has all classes"
                : ", of "
                    + whole
                    + " of "
                    + classifier.strata().size()
                    + " parts too few: their sets have all classes");
  }

  /** How the sets turned out, beside what was to be expected. */
  public String sentence(String file) {
    String size =
        String.format(
            Locale.ROOT,
            "%s: %,d sets of %.3f classes on average",
            file,
            predictions.rows(),
            sets.meanSize());
    if (!predictions.hasLabels()) {
      return size + "; coverage is not judged: no labels";
    }
    String coverage = String.format(Locale.ROOT, "; coverage %.4f", sets.coverage());
    if (classifier.strata().size() > 1) {
      return size + coverage;
    }
    CoverageDistribution expected = classifier.strata().get(0).coverage();
    Interval interval = expected.interval(LEVEL, predictions.rows());
    return size
        + coverage
        + String.format(
            Locale.ROOT,
            ", to be expected between %.4f and %.4f (95 %%)%s",
            interval.lower(),
            interval.upper(),
            sets.coverage() < interval.lower()
                ? ": less than promised, these rows are not like those of the fit"
                : "");
  }

  /** How many sets there are of each size, with their coverage where labels are known. */
  public MetricsTable sizes() {
    MetricsTable.Builder table =
        MetricsTable.builder("size").metric(count("sets")).metric(plain("share"));
    boolean judged = predictions.hasLabels();
    if (judged) {
      table.metric(plain("coverage"));
    }
    long[] counts = sets.sizeCounts();
    for (int size = 0; size < counts.length; size++) {
      int of = size;
      if (counts[size] == 0) {
        continue;
      }
      double share = (double) counts[size] / predictions.rows();
      if (judged) {
        Part part = part(Integer.toString(size), row -> sets.size(row) == of);
        table.row(part.name(), counts[size], share, part.coverage());
      } else {
        table.row(Integer.toString(size), counts[size], share);
      }
    }
    return table.build();
  }

  /** The sets of each class, by the labels. */
  public List<Part> byClass() {
    List<String> names = predictions.classNames();
    List<Part> parts = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      int label = k;
      parts.add(part(names.get(k), row -> predictions.label(row) == label));
    }
    return parts;
  }

  /** The sets of each group. */
  public List<Part> byGroup() {
    TreeSet<String> names = new TreeSet<>();
    for (int row = 0; row < predictions.rows(); row++) {
      names.add(predictions.group(row));
    }
    return names.stream()
        .map(name -> part(name, row -> predictions.group(row).equals(name)))
        .toList();
  }

  public MetricsTable classes() {
    return table("class", byClass());
  }

  /** The table of the groups. */
  public MetricsTable groups(String column) {
    return table(column, byGroup());
  }

  private Part part(String name, IntPredicate in) {
    long rows = 0;
    long covered = 0;
    long size = 0;
    for (int row = 0; row < predictions.rows(); row++) {
      if (in.test(row)) {
        rows++;
        covered += sets.covers(row) ? 1 : 0;
        size += sets.size(row);
      }
    }
    return new Part(name, rows, covered, rows == 0 ? Double.NaN : (double) size / rows);
  }

  private static MetricsTable table(String heading, List<Part> parts) {
    MetricsTable.Builder table =
        MetricsTable.builder(heading)
            .metric(count("rows"))
            .metric(plain("coverage"))
            .metric(plain("95 % from"))
            .metric(plain("to"))
            .metric(plain("mean size"));
    for (Part part : parts) {
      table.row(
          part.name(),
          part.rows(),
          part.coverage(),
          part.interval().lower(),
          part.interval().upper(),
          part.meanSize());
    }
    return table.build();
  }

  private static Metric count(String name) {
    return new Metric(name, 0, Better.NEITHER);
  }

  private static Metric plain(String name) {
    return new Metric(name, 4, Better.NEITHER);
  }
}

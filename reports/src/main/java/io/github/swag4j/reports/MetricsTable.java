package io.github.swag4j.reports;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.drawing.Numbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tech.tablesaw.api.Table;

/**
 * A table of methods and metrics: labels on the left, numbers on the right.
 *
 * <p>Text and HTML round numbers to the digits of their column and mark the best ones, and separate
 * thousands in columns without decimals; CSV keeps full precision. A number that does not exist is
 * NaN, shown as a dash and left empty in CSV. Numbers may have intervals, which pages show.
 * Immutable.
 */
public final class MetricsTable {

  /** Which numbers of a metric are good. */
  public enum Better {
    /** Accuracies, areas under curves. */
    HIGHER,
    /** Losses, errors. */
    LOWER,
    /** Counts, temperatures: no number is better than another. */
    NEITHER,
    /** P-values: none is better; shown as {@link PValue} has them, whatever the decimals. */
    P_VALUE
  }

  /**
   * A column of numbers.
   *
   * @param name its heading
   * @param decimals decimals shown, between 0 and 15
   * @param better which numbers are good
   */
  public record Metric(String name, int decimals, Better better) {
    /**
     * Checks the column.
     *
     * @param name its heading
     * @param decimals decimals shown, between 0 and 15
     * @param better which numbers are good
     * @throws IllegalArgumentException if the decimals are out of range
     */
    public Metric {
      if (decimals < 0 || decimals > 15) {
        throw new IllegalArgumentException(
            "decimals of " + name + " must be between 0 and 15, got " + decimals);
      }
    }
  }

  private final List<String> labels;
  private final List<Metric> metrics;
  private final List<TableRow> rows;
  private final TableMarks marks;

  private MetricsTable(Builder b) {
    this.labels = List.copyOf(b.labels);
    this.metrics = List.copyOf(b.metrics);
    this.rows = List.copyOf(b.rows);
    this.marks = TableMarks.of(this, b.withinFirstLabel, rows);
  }

  /**
   * Starts a table.
   *
   * @param labels headings of the label columns, for example {@code "Method"}; at least one
   * @return a builder
   * @throws IllegalArgumentException if there is no label
   */
  public static Builder builder(String... labels) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("a table needs at least 1 label column, got 0");
    }
    return new Builder(List.of(labels));
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public int rows() {
    return rows.size();
  }

  /**
   * The table as tablesaw's, numbers at full precision, NaN as missing.
   *
   * @return a new table
   */
  public Table table() {
    return TableCells.numbers(this);
  }

  /**
   * A table from one of tablesaw's.
   *
   * @param table string columns of labels, then number columns of metrics; missing numbers are NaN
   * @param metrics how each number column is shown, by name; one that is not among them is left out
   * @return the rows of the table
   * @throws IllegalArgumentException if there is no string column or a metric has no number column
   */
  public static MetricsTable of(Table table, Metric... metrics) {
    return TableGroups.read(table, metrics);
  }

  /**
   * The tables of each value of a label column, for example one a data set. The best are marked
   * within each.
   *
   * @param label heading of a label column
   * @return the tables in the order in which the values come, with all their columns
   * @throws IllegalArgumentException if there is no such label column
   */
  public Map<String, MetricsTable> by(String label) {
    return TableGroups.by(this, label);
  }

  /**
   * The mean of every metric over the rows that share some labels, for example over the data sets
   * of each method. A number that does not exist is left out of its mean.
   *
   * @param by headings of label columns
   * @return one row for each combination of these labels, in the order in which they come
   * @throws IllegalArgumentException if there is no such label column
   */
  public MetricsTable means(String... by) {
    return TableGroups.means(this, List.of(by));
  }

  /**
   * The table for a terminal: aligned columns, an underlined head, {@code *} behind the best number
   * of a metric when there are several rows to compare.
   *
   * <p>This alone does not go through tablesaw, whose classes take about half a second to load.
   *
   * @return lines that end in a newline, without trailing blanks
   */
  public String toText() {
    return TableText.of(this);
  }

  /**
   * The table as CSV with a head, numbers at full precision, lines ending in a newline.
   *
   * @return CSV text
   */
  public String toCsv() {
    return TableCsv.of(table());
  }

  /**
   * The table as GitHub-flavoured Markdown, numbers to the right; the best numbers are bold.
   *
   * @return lines that end in a newline
   */
  public String toMarkdown() {
    return TableMarkdown.of(this);
  }

  /**
   * The table as LaTeX: a {@code table} with the rules of the package booktabs, numbers to the
   * right, the best ones bold, a little space where the first of several labels changes. All texts
   * are escaped; characters that LaTeX's fonts do not have stand as their code points.
   *
   * @param caption the caption; may be empty for none
   * @param label what {@code \ref} calls it; may be empty for none
   * @return lines that end in a newline
   * @throws IllegalArgumentException if the label has other characters than letters, digits,
   *     colons, dots and hyphens
   */
  public String toLatex(String caption, String label) {
    TableLatex.requireLabel(label);
    return TableLatex.of(this, caption, label);
  }

  /**
   * The table as an HTML {@code <table>}; the best numbers are {@code <strong>}.
   *
   * @return markup with every text escaped
   */
  public String toHtml() {
    return TableHtml.of(this);
  }

  /**
   * Writes the table as CSV, whole or not at all.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   */
  public void writeCsv(Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(toCsv().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return toText();
  }

  List<String> labels() {
    return labels;
  }

  List<Metric> metrics() {
    return metrics;
  }

  String name(int row, int label) {
    return rows.get(row).labels().get(label);
  }

  /** A number as people see it. */
  String cell(int row, int metric) {
    double value = value(row, metric);
    Metric column = metrics.get(metric);
    return rows.get(row).isPValues() || column.better() == Better.P_VALUE
        ? Numbers.pValue(value)
        : Numbers.cell(value, column.decimals());
  }

  double value(int row, int metric) {
    return rows.get(row).numbers()[metric];
  }

  /** The interval of a number, unknown where it has none. */
  Interval interval(int row, int metric) {
    return rows.get(row).interval(metric);
  }

  /** Whether a number is marked as the best of its metric. */
  boolean isBest(int row, int metric) {
    return marks.isBest(row, metric);
  }

  /**
   * Whether any number is marked, so that a caption can say truly what the mark means.
   *
   * @return false where no number stands out
   */
  public boolean hasMarks() {
    return marks.any();
  }

  /** Collects columns, then rows. */
  public static final class Builder {
    private final List<String> labels;
    private final List<Metric> metrics = new ArrayList<>();
    private final List<TableRow> rows = new ArrayList<>();
    private boolean withinFirstLabel;

    private Builder(List<String> labels) {
      this.labels = labels;
    }

    /**
     * A metric of which more is better, with four decimals.
     *
     * @param name its heading
     * @return this builder
     */
    public Builder higherIsBetter(String name) {
      return metric(new Metric(name, 4, Better.HIGHER));
    }

    /**
     * A metric of which less is better, with four decimals.
     *
     * @param name its heading
     * @return this builder
     */
    public Builder lowerIsBetter(String name) {
      return metric(new Metric(name, 4, Better.LOWER));
    }

    /**
     * A metric.
     *
     * @param metric name, digits and direction
     * @return this builder
     * @throws IllegalStateException if rows were added before
     */
    public Builder metric(Metric metric) {
      if (!rows.isEmpty()) {
        throw new IllegalStateException("metrics must be added before the first row");
      }
      metrics.add(metric);
      return this;
    }

    /**
     * Says that only rows of the same first label were judged on the same data: the best is marked
     * among these, and not at all where a label has one row. Without this all rows are compared.
     *
     * @return this builder
     */
    public Builder comparedWithinFirstLabel() {
      withinFirstLabel = true;
      return this;
    }

    /**
     * A row with one label.
     *
     * @param label the label
     * @param numbers one for each metric, NaN where there is none
     * @return this builder
     * @throws IllegalArgumentException if the table has other label columns or metrics
     */
    public Builder row(String label, double... numbers) {
      return row(List.of(label), numbers);
    }

    /**
     * A row.
     *
     * @param rowLabels one for each label column
     * @param numbers one for each metric, NaN where there is none
     * @return this builder
     * @throws IllegalArgumentException if the table has other label columns or metrics
     */
    public Builder row(List<String> rowLabels, double... numbers) {
      rows.add(TableRow.of(rowLabels, numbers, labels.size(), metrics.size()));
      return this;
    }

    /**
     * The intervals of the last row's numbers, in small type beside them on pages.
     *
     * @param ofRow one for each metric, {@link Interval#UNKNOWN} where there is none; the last ones
     *     may be left out
     * @return this builder
     * @throws IllegalStateException if there is no row yet
     */
    public Builder intervals(Interval... ofRow) {
      return last(row -> row.withIntervals(ofRow));
    }

    /**
     * Says that the last row's numbers are p-values, in a table that has a metric a row.
     *
     * @return this builder
     * @throws IllegalStateException if there is no row yet
     */
    public Builder pValues() {
      return last(TableRow::ofPValues);
    }

    /**
     * Says which numbers of the last row are marked, in place of the best as shown: for tables that
     * mark what a test has found. Once it is said of any row, only such numbers are.
     *
     * @param names names of metrics; none to say that nothing of this row is marked
     * @return this builder
     * @throws IllegalStateException if there is no row yet
     */
    public Builder marked(Collection<String> names) {
      Set<String> these = Set.copyOf(names);
      return last(row -> row.withMarked(these));
    }

    private Builder last(UnaryOperator<TableRow> change) {
      if (rows.isEmpty()) {
        throw new IllegalStateException("what is said of a row needs one, got none yet");
      }
      rows.set(rows.size() - 1, change.apply(rows.get(rows.size() - 1)));
      return this;
    }

    /**
     * Builds the table.
     *
     * @return the table
     */
    public MetricsTable build() {
      return new MetricsTable(this);
    }
  }
}

package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The same table is read to the same bits, however it is separated, encoded and packed. */
class SameTableProperties {
  private static final List<String> NAMES =
      List.of(
          "cat",
          "dög",
          "a,b",
          "x;y",
          "say \"q\"",
          "tab\tin it",
          "naïve",
          "日本",
          "it's",
          "A1",
          "c.d");

  /** Rows of numbers as they are written, with a point. */
  private record Table(List<String> classes, List<List<String>> rows, List<String> labels) {

    static Table random(Random random, int count) {
      List<String> classes = new ArrayList<>(NAMES);
      Collections.shuffle(classes, random);
      classes = classes.subList(0, 2 + random.nextInt(4));
      List<List<String>> rows = new ArrayList<>();
      List<String> labels = new ArrayList<>();
      for (int r = 0; r < count; r++) {
        rows.add(row(random, classes.size()));
        labels.add(classes.get(random.nextInt(classes.size())));
      }
      return new Table(classes, rows, labels);
    }

    /** Decimals that sum to 1 exactly. */
    private static List<String> row(Random random, int classes) {
      int digits = 1 + random.nextInt(16);
      BigDecimal left = BigDecimal.ONE;
      List<String> row = new ArrayList<>();
      for (int k = 0; k < classes - 1; k++) {
        BigDecimal part =
            left.multiply(BigDecimal.valueOf(random.nextInt(1001), 3))
                .setScale(digits, java.math.RoundingMode.DOWN);
        left = left.subtract(part);
        row.add(number(part, random));
      }
      row.add(number(left, random));
      Collections.shuffle(row, random);
      return row;
    }

    private static String number(BigDecimal value, Random random) {
      return random.nextInt(5) == 0 ? value.stripTrailingZeros().toString() : value.toPlainString();
    }
  }

  /** A way to write a table. */
  private record Dialect(
      char separator,
      boolean decimalComma,
      boolean quoteAll,
      String spaces,
      String lineEnd,
      boolean said,
      boolean decomposed,
      String blank) {

    static Dialect random(Random random) {
      char separator = ",;\t".charAt(random.nextInt(3));
      String[] lineEnds = {"\n", "\r\n", "\r"};
      return new Dialect(
          separator,
          random.nextBoolean(),
          random.nextInt(3) == 0,
          random.nextInt(3) == 0 ? " " : "",
          lineEnds[random.nextInt(3)],
          random.nextInt(3) == 0,
          random.nextInt(3) == 0,
          random.nextInt(3) == 0 ? "" + separator + separator : "");
    }

    private String field(String text, boolean number) {
      String written = number && decimalComma ? text.replace('.', ',') : text;
      written = decomposed ? Normalizer.normalize(written, Normalizer.Form.NFD) : written;
      boolean must = written.matches("(?s).*[,;\"\t\r\n].*");
      boolean separated = written.indexOf(separator) >= 0;
      boolean quoted = quoteAll || (number ? separated : must);
      return quoted ? "\"" + written.replace("\"", "\"\"") + "\"" : written;
    }

    String write(Table table) {
      StringBuilder text = new StringBuilder(said ? "sep=" + separator + lineEnd : "");
      for (String name : table.classes()) {
        text.append(field(name, false)).append(separator).append(spaces);
      }
      text.append(field("label", false)).append(separator).append(field("id", false));
      text.append(lineEnd);
      for (int r = 0; r < table.rows().size(); r++) {
        for (String number : table.rows().get(r)) {
          text.append(field(number, true)).append(spaces).append(separator).append(spaces);
        }
        text.append(field(table.labels().get(r), false)).append(separator).append("r").append(r);
        text.append(lineEnd);
      }
      if (!blank.isEmpty()) {
        text.append(lineEnd).append(blank).append(lineEnd).append(blank);
      }
      return text.toString();
    }
  }

  private static String json(Table table, boolean array) {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < table.rows().size(); r++) {
      text.append("{\"id\":\"r").append(r).append("\",\"label\":");
      text.append(quoted(table.labels().get(r))).append(",\"probs\":").append(array ? '[' : '{');
      for (int k = 0; k < table.classes().size(); k++) {
        text.append(k > 0 ? "," : "");
        text.append(array ? "" : quoted(table.classes().get(k)) + ":");
        text.append(table.rows().get(r).get(k));
      }
      text.append(array ? ']' : '}');
      if (array) {
        text.append(",\"classes\":[");
        text.append(String.join(",", table.classes().stream().map(c -> quoted(c)).toList()));
        text.append(']');
      }
      text.append("}\n");
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"").replace("\t", "\\t") + "\"";
  }

  /** Text in one of the encodings, packed or not. */
  private static byte[] bytes(String text, Random random) throws IOException {
    String[] charsets = {"UTF-8", "UTF-8", "UTF-16LE", "UTF-16BE"};
    String charset = charsets[random.nextInt(charsets.length)];
    boolean mark = !charset.equals("UTF-8") || random.nextBoolean();
    byte[] bytes = ((mark ? "\uFEFF" : "") + text).getBytes(Charset.forName(charset));
    return switch (random.nextInt(4)) {
      case 0 -> TableDialectsTest.gzip(bytes);
      case 1 -> TableDialectsTest.zip(bytes, "p.csv");
      default -> bytes;
    };
  }

  private static void assertSame(Path file, Predictions expected, ReadOptions options, String how)
      throws IOException {
    Predictions read = PredictionFiles.read(file, options);
    assertThat(read.classNames()).as(how).isEqualTo(expected.classNames());
    assertThat(read.rows()).as(how).isEqualTo(expected.rows());
    for (int r = 0; r < read.rows(); r++) {
      assertThat(read.probabilities(r)).as(how).isEqualTo(expected.probabilities(r));
      assertThat(read.label(r)).as(how).isEqualTo(expected.label(r));
      assertThat(read.id(r)).as(how).isEqualTo(expected.id(r));
    }
    assertThat(StreamedSketch.of(file, options, BinningConvention.GUO).toBytes())
        .as(how)
        .isEqualTo(CalibrationSketch.of(expected).toBytes());
  }

  @Property(tries = 300)
  void theSameTableIsReadToTheSameBitsHoweverItIsWritten(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int rows) throws IOException {
    Random random = new Random(seed);
    Table table = Table.random(random, rows);
    double[][] numbers =
        table.rows().stream()
            .map(row -> row.stream().mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    Predictions expected =
        Predictions.builder()
            .probabilities(numbers)
            .classNames(table.classes())
            .labels(table.labels().stream().mapToInt(table.classes()::indexOf).toArray())
            .ids(
                java.util.stream.IntStream.range(0, rows)
                    .mapToObj(r -> "r" + r)
                    .toArray(String[]::new))
            .build();
    ReadOptions options = ReadOptions.defaults().withClassColumns(table.classes());
    Path file = Files.createTempFile("same-table", ".csv");
    try {
      for (int i = 0; i < 3; i++) {
        Dialect dialect = Dialect.random(random);
        Files.write(file, bytes(dialect.write(table), random));
        assertSame(file, expected, options, dialect.toString());
      }
      for (boolean array : new boolean[] {false, true}) {
        Files.write(file, bytes(json(table, array), random));
        assertSame(file, expected, ReadOptions.defaults(), "JSON Lines");
      }
      Files.write(file, Dialect.random(random).write(table).getBytes(StandardCharsets.UTF_8));
      assertSame(file, expected, options, "plain");
    } finally {
      Files.delete(file);
    }
  }
}

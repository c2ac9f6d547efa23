package io.github.swag4j.cli.page;

import io.github.swag4j.cli.run.UsageException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rows in the order of a column of numbers, dates or times, and the windows they are cut into.
 *
 * @param rows {@code [rows]}, row indices by ascending value; equal values as they came
 * @param values {@code [rows]}, the values in that order, times in seconds
 */
record WindowOrder(int[] rows, double[] values) {

  /**
   * The order of a column.
   *
   * @throws UsageException if the texts are neither all numbers nor all ISO dates or times
   */
  static WindowOrder of(String column, String[] texts) {
    double[] keys = keys(column, texts);
    int[] rows =
        IntStream.range(0, keys.length)
            .boxed()
            .sorted((a, b) -> Double.compare(keys[a], keys[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new WindowOrder(rows, Arrays.stream(rows).mapToDouble(row -> keys[row]).toArray());
  }

  /** Whether another value follows each row. */
  boolean[] goesOn() {
    boolean[] goesOn = new boolean[values.length];
    for (int i = 0; i + 1 < values.length; i++) {
      goesOn[i] = values[i] != values[i + 1];
    }
    return goesOn;
  }

  /**
   * Places where windows begin and, last, where the rows end: about equally many rows in each,
   * equal values never apart; one window a value where there are no more values than windows.
   */
  List<Integer> cuts(int windows) {
    List<Integer> begins = new ArrayList<>();
    boolean[] goesOn = goesOn();
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || goesOn[i - 1]) {
        begins.add(i);
      }
    }
    List<Integer> cuts = new ArrayList<>();
    if (begins.size() <= windows) {
      cuts.addAll(begins);
    } else {
      for (int begin : begins) {
        double due = (double) values.length * cuts.size() / windows;
        if (cuts.size() < windows && begin >= due - 0.5) {
          cuts.add(begin);
        }
      }
    }
    cuts.add(values.length);
    return cuts;
  }

  private static double[] keys(String column, String[] texts) {
    List<ToDoubleFunction<String>> kinds =
        List.of(
            Double::parseDouble,
            text -> LocalDate.parse(text).toEpochDay() * 86_400.0,
            text -> seconds(LocalDateTime.parse(text.replace(' ', 'T')).atOffset(ZoneOffset.UTC)),
            text -> seconds(OffsetDateTime.parse(text.replace(' ', 'T'))));
    for (ToDoubleFunction<String> kind : kinds) {
      double[] keys = new double[texts.length];
      int read = 0;
      try {
        for (; read < texts.length; read++) {
          keys[read] = kind.applyAsDouble(texts[read]);
          if (!Double.isFinite(keys[read])) {
            throw new NumberFormatException();
          }
        }
        return keys;
      } catch (NumberFormatException | DateTimeException e) {
        if (read > 0) {
          throw notOrdered(column, texts, read);
        }
      }
    }
    throw notOrdered(column, texts, 0);
  }

  private static double seconds(OffsetDateTime time) {
    return time.toEpochSecond() + time.getNano() / 1e9;
  }

  private static UsageException notOrdered(String column, String[] texts, int row) {
    return new UsageException(
        "--over needs a column of numbers, dates (2026-01-31) or times (2026-01-31T18:00:00), all"
            + " of one kind, got '"
            + texts[row]
            + "' in row "
            + (row + 1)
            + " of '"
            + column
            + "'; of names say --by");
  }
}

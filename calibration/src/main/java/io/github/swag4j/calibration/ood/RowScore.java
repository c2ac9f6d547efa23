package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A score computed from each row alone.
 *
 * @param name its name
 * @param needs refuses predictions that lack what the score reads
 * @param function the score of one row
 */
public record RowScore(String name, Consumer<Predictions> needs, RowFunction function)
    implements OodScore {
  private static final int PARALLEL_FROM = 20_000;

  /** The score of one row. */
  public interface RowFunction {
    /**
     * The score of one row.
     *
     * @param predictions all rows
     * @param row its number, from 0
     * @return the score; higher is more out-of-distribution
     */
    double at(Predictions predictions, int row);
  }

  /**
   * A score that needs nothing but probabilities.
   *
   * @param name its name
   * @param function the score of one row
   */
  public RowScore(String name, RowFunction function) {
    this(name, p -> {}, function);
  }

  @Override
  public double[] score(Predictions predictions) {
    needs.accept(predictions);
    double[] scores = new double[predictions.rows()];
    IntStream rows = IntStream.range(0, scores.length);
    if ((long) scores.length * predictions.classes() >= PARALLEL_FROM) {
      rows = rows.parallel();
    }
    rows.forEach(r -> scores[r] = function.at(predictions, r));
    return scores;
  }

  @Override
  public String toString() {
    return name;
  }
}

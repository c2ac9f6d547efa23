package io.github.swag4j.calibration.selection;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Outcome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Negative log-likelihood of validation rows against the scale of a posterior, before and after
 * temperature, and the scale where it is least after temperature; the smaller one among equals.
 * Made by {@link ScaleSearch}; immutable.
 *
 * <p>After temperature, because the scale that is best as predictions stand makes up for a network
 * that is too sure, which one temperature does better (Ashukha et al. 2020).
 *
 * @see <a href="https://arxiv.org/abs/2002.06470">Ashukha et al. 2020, Pitfalls of In-Domain
 *     Uncertainty Estimation and Ensembling in Deep Learning (calibrated log-likelihood)</a>
 */
public final class ScaleCurve {
  private static final int FORMAT = 1;
  private static final String KIND = "scale curve";

  /** Where the best scale lies among those that were tried. */
  public enum Place {
    /** Between others: a smaller and a larger scale are worse. */
    INSIDE,
    /** It is the least that was tried. If that is 0, no spread at all is best. */
    LOWEST,
    /** It is the largest that was tried; a larger one may be better. */
    HIGHEST
  }

  private final List<ScalePoint> points;
  private final int best;
  private final int rows;

  ScaleCurve(List<ScalePoint> given, int rows) {
    if (given.isEmpty() || rows < 2) {
      throw new IllegalArgumentException(
          "a curve must have at least 1 scale and 2 rows, got " + given.size() + " and " + rows);
    }
    this.points = given.stream().sorted(Comparator.comparingDouble(ScalePoint::scale)).toList();
    this.rows = rows;
    int least = 0;
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).scale() == points.get(i - 1).scale()) {
        throw new IllegalArgumentException(
            "scales must differ, got " + points.get(i).scale() + " twice");
      }
      least = points.get(i).calibratedNll() < points.get(least).calibratedNll() ? i : least;
    }
    this.best = least;
  }

  /**
   * All scales that were tried.
   *
   * @return ascending by scale
   */
  public List<ScalePoint> points() {
    return points;
  }

  /**
   * The scale whose NLL after temperature is least.
   *
   * @return its point, difference 0
   */
  public ScalePoint best() {
    return points.get(best);
  }

  /**
   * Where the best scale lies.
   *
   * @return inside, or at an edge of what was tried
   */
  public Place place() {
    if (best == points.size() - 1 && points.size() > 1) {
      return Place.HIGHEST;
    }
    return best == 0 ? Place.LOWEST : Place.INSIDE;
  }

  /**
   * Scales that the rows cannot tell from the best: the paired difference is at most its standard
   * error.
   *
   * @return ascending by scale, the best among them
   */
  public List<ScalePoint> asGoodAsTheBest() {
    return points.stream().filter(ScalePoint::isAsGoodAsTheBest).toList();
  }

  /**
   * Validation rows.
   *
   * @return at least 2
   */
  public int rows() {
    return rows;
  }

  /**
   * The curve as JSON with every bit of its numbers.
   *
   * @return one JSON object
   */
  public String toJson() {
    return new JsonObject()
        .put("format", FORMAT)
        .put("kind", KIND)
        .put("rows", rows)
        .put("scale", column(ScalePoint::scale))
        .put("nll", column(ScalePoint::nll))
        .put("standard_error", column(ScalePoint::standardError))
        .put("temperature", column(ScalePoint::temperature))
        .put("outcome", points.stream().map(p -> word(p.outcome())).toList())
        .put("calibrated_nll", column(ScalePoint::calibratedNll))
        .put("calibrated_standard_error", column(ScalePoint::calibratedStandardError))
        .put("difference", column(ScalePoint::difference))
        .put("difference_standard_error", column(ScalePoint::differenceStandardError))
        .toString();
  }

  private double[] column(ToDoubleFunction<ScalePoint> of) {
    return points.stream().mapToDouble(of).toArray();
  }

  private static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param text one JSON object
   * @return the curve
   * @throws JsonException if it is another object, or its numbers cannot be those of a curve
   */
  public static ScaleCurve fromJson(String text) {
    JsonObject json = JsonObject.parse(text);
    json.requireOnly(
        "format",
        "kind",
        "rows",
        "scale",
        "nll",
        "standard_error",
        "temperature",
        "outcome",
        "calibrated_nll",
        "calibrated_standard_error",
        "difference",
        "difference_standard_error");
    json.integer("format", FORMAT, FORMAT);
    if (!json.string("kind").equals(KIND)) {
      throw new JsonException("JSON kind must be " + KIND + ", got " + json.string("kind"));
    }
    int rows = (int) json.integer("rows", 2, Integer.MAX_VALUE);
    int count = json.numbers("scale").length;
    List<String> outcomes = json.strings("outcome");
    if (outcomes.size() != count) {
      throw new JsonException(
          "JSON outcome must have " + count + " elements as scale, got " + outcomes.size());
    }
    double[][] columns = {
      column(json, "scale", count),
      column(json, "nll", count),
      column(json, "standard_error", count),
      column(json, "temperature", count),
      column(json, "calibrated_nll", count),
      column(json, "calibrated_standard_error", count),
      column(json, "difference", count),
      column(json, "difference_standard_error", count)
    };
    try {
      List<ScalePoint> points = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        points.add(
            new ScalePoint(
                columns[0][i],
                columns[1][i],
                columns[2][i],
                columns[3][i],
                outcome(outcomes.get(i)),
                columns[4][i],
                columns[5][i],
                columns[6][i],
                columns[7][i]));
      }
      ScaleCurve curve = new ScaleCurve(points, rows);
      if (curve.best().difference() != 0) {
        throw new JsonException(
            "JSON difference must be 0 at the least calibrated_nll, got "
                + curve.best().difference());
      }
      return curve;
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON must hold a scale curve: " + e.getMessage());
    }
  }

  private static double[] column(JsonObject json, String name, int count) {
    double[] values = json.numbers(name);
    if (values.length != count) {
      throw new JsonException(
          "JSON " + name + " must have " + count + " elements as scale, got " + values.length);
    }
    return values;
  }

  private static Outcome outcome(String word) {
    return Arrays.stream(Outcome.values())
        .filter(o -> word(o).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new JsonException(
                    "JSON outcome must be one of "
                        + Arrays.stream(Outcome.values()).map(ScaleCurve::word).toList()
                        + ", got "
                        + word));
  }

  @Override
  public String toString() {
    ScalePoint at = best();
    List<ScalePoint> alike = asGoodAsTheBest();
    String edge =
        switch (place()) {
          case INSIDE -> "";
          case LOWEST -> at.scale() == 0 ? "" : ", the least tried: smaller ones may be better";
          case HIGHEST -> ", the largest tried: larger ones may be better";
        };
    return String.format(
        Locale.ROOT,
        "scale %s, NLL %.4f after temperature %.3f, %.4f before (%,d rows, %d scales tried; within"
            + " one standard error: %s to %s)%s",
        number(at.scale()),
        at.calibratedNll(),
        at.temperature(),
        at.nll(),
        rows,
        points.size(),
        number(alike.get(0).scale()),
        number(alike.get(alike.size() - 1).scale()),
        edge);
  }

  private static String number(double scale) {
    return new BigDecimal(scale).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}

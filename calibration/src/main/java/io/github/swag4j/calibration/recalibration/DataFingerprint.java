package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.json.JsonException;
import io.github.swag4j.calibration.internal.json.JsonObject;
import java.util.Locale;

/**
 * Tells whether labelled predictions hold rows of another set, in whatever order.
 *
 * <p>Each row (its probabilities rounded to float32, so that saving as float32 or turning logits
 * into probabilities changes nothing, and its label) is hashed to 2 x 64 bits. The sums of the
 * hashes modulo 2^64 tell the very same set. Beside them the {@value RowSample#MOST} smallest
 * hashes of rows that occur once are kept, a random sample of them, which tells a part of the set,
 * or the set among other rows.
 *
 * <p>The rule of {@link #requireUnseen}: refused are the same rows, and predictions of which more
 * than a tenth are rows of this set. With n rows here, r the share of its single rows' hashes that
 * is kept, h hits among the m = r x rows judged, and c = 2 (N2 + 3 sqrt(N2) + 3) / n, at most 1,
 * the share that unrelated rows would hit (Good and Turing, from the N2 values that occur twice,
 * with a margin for luck), they are refused if h is at least 3 and above m max(0.1, c) + 4 sqrt(m c
 * (1 - c)). Rows that occur more than once, such as saturated or binned ones, are no evidence: data
 * of few distinct rows are refused only as the very same set.
 *
 * <p>What escapes: less than a tenth, or than a fifth where both sets are of 100 rows, as chance is
 * known less well there; parts of 2 rows, or of a set of fewer than 15; sets that are small against
 * a large one, below about 3 n / 512 rows; parts of a set that holds its rows twice.
 *
 * @param rows number of rows n
 * @param hash 32 hexadecimal digits
 * @param single number of rows that no other row equals
 * @param twice number of values N2 that exactly two rows have
 * @param sample the smallest hashes of single rows in ascending order, 16 hexadecimal digits each
 * @see <a href="https://doi.org/10.1093/biomet/40.3-4.237">Good 1953, The population frequencies of
 *     species</a>
 * @see <a href="https://doi.org/10.1145/1353343.1353449">Beyer et al. 2007, On synopses for
 *     distinct-value estimation</a>, for the smallest hashes as a sample
 */
public record DataFingerprint(long rows, String hash, long single, long twice, String sample) {
  private static final double MATERIAL = 0.1;
  private static final int FEWEST_HITS = 3;
  private static final double DEVIATIONS = 4;

  /**
   * Checks the parts.
   *
   * @param rows number of rows
   * @param hash 32 hexadecimal digits
   * @param single number of rows that no other row equals
   * @param twice number of values that exactly two rows have
   * @param sample the smallest hashes of single rows
   * @throws IllegalArgumentException if there is no row, the hash is not 32 hexadecimal digits, the
   *     counts exceed the rows, or the sample is not as many ascending hashes as it should be
   */
  public DataFingerprint {
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be at least 1, got " + rows);
    }
    if (!hash.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("hash must be 32 hexadecimal digits, got " + hash);
    }
    if (single < 0 || twice < 0 || single > rows || twice > (rows - single) / 2) {
      throw new IllegalArgumentException(
          "single + 2 twice must be at most the "
              + rows
              + " rows, both at least 0, got "
              + single
              + " and "
              + twice);
    }
    RowSample.of(sample, single);
  }

  /**
   * The fingerprint of labelled predictions.
   *
   * @param predictions predictions with labels
   * @return their fingerprint
   * @throws IllegalStateException if there are no labels
   */
  public static DataFingerprint of(Predictions predictions) {
    long[] hashes = RowSample.hashes(predictions);
    RowSample sample = RowSample.of(hashes);
    return new DataFingerprint(
        predictions.rows(),
        sum(predictions, hashes),
        sample.single(),
        sample.twice(),
        sample.text());
  }

  private static String sum(Predictions predictions, long[] hashes) {
    long first = 0;
    long second = 0;
    for (int row = 0; row < hashes.length; row++) {
      first += hashes[row];
      second += RowSample.secondHash(predictions, row);
    }
    return String.format(Locale.ROOT, "%016x%016x", first, second);
  }

  /**
   * Whether predictions hold exactly the rows of this fingerprint.
   *
   * @param predictions any predictions
   * @return true if they have labels and the same rows in any order
   */
  public boolean matches(Predictions predictions) {
    return predictions.hasLabels()
        && predictions.rows() == rows
        && sum(predictions, RowSample.hashes(predictions)).equals(hash);
  }

  /**
   * Estimates how many of the predictions' rows are rows of this fingerprint that occur once in it.
   *
   * @param predictions any predictions
   * @return a share in [0, 1], exact if this set has at most {@value RowSample#MOST} single rows; 0
   *     without labels
   */
  public double overlap(Predictions predictions) {
    if (!predictions.hasLabels()) {
      return 0;
    }
    RowSample kept = RowSample.of(sample, single);
    return Math.min(1, kept.hits(predictions) / (kept.rate() * predictions.rows()));
  }

  /**
   * Refuses to judge on the rows that were fitted, or on rows of which a material part was.
   *
   * @param what what was fitted, for the message
   * @param predictions the predictions to be judged; those without labels are never refused
   * @throws IllegalArgumentException if they are the fitting rows, or more than a tenth of them are
   *     by the rule above
   */
  public void requireUnseen(String what, Predictions predictions) {
    if (matches(predictions)) {
      throw new IllegalArgumentException(refusal(what) + "got the same " + rows + remedy());
    }
    if (isMaterial(predictions)) {
      throw new IllegalArgumentException(
          refusal(what)
              + String.format(
                  Locale.ROOT,
                  "got %,d rows of which about %.0f %% are among the %,d fitting",
                  predictions.rows(),
                  100 * overlap(predictions),
                  rows)
              + remedy());
    }
  }

  private static String refusal(String what) {
    return what + " must be judged on rows it was not fitted on, ";
  }

  private static String remedy() {
    return " rows: keep a part of the data for fitting, or cross-fit";
  }

  private boolean isMaterial(Predictions predictions) {
    if (!predictions.hasLabels()) {
      return false;
    }
    RowSample kept = RowSample.of(sample, single);
    double chance = Math.min(1, 2 * (twice + 3 * Math.sqrt(twice) + 3) / rows);
    double judged = kept.rate() * predictions.rows();
    double most =
        judged * Math.max(MATERIAL, chance)
            + DEVIATIONS * Math.sqrt(judged * chance * (1 - chance));
    int hits = kept.hits(predictions);
    return hits >= FEWEST_HITS && hits > most;
  }

  /**
   * The fingerprint as JSON.
   *
   * @return one JSON object on one line
   */
  public String toJson() {
    return json().toString();
  }

  /**
   * Reads a fingerprint that {@link #toJson()} wrote.
   *
   * @param json one JSON object
   * @return the fingerprint
   * @throws IllegalArgumentException if a part is missing, unknown or out of range; names it
   */
  public static DataFingerprint fromJson(String json) {
    return of(JsonObject.parse(json));
  }

  JsonObject json() {
    return new JsonObject()
        .put("rows", rows)
        .put("hash", hash)
        .put("single", single)
        .put("twice", twice)
        .put("sample", sample);
  }

  static DataFingerprint of(JsonObject json) {
    json.requireOnly("rows", "hash", "single", "twice", "sample");
    try {
      return new DataFingerprint(
          json.integer("rows", 1, 1L << 53),
          json.string("hash"),
          json.integer("single", 0, 1L << 53),
          json.integer("twice", 0, 1L << 53),
          json.string("sample"));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON fitted_on: " + e.getMessage());
    }
  }
}

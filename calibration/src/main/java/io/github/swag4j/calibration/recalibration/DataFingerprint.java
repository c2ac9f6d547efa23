package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.json.JsonException;
import io.github.swag4j.calibration.internal.json.JsonObject;
import java.util.Locale;

/**
 * Tells whether two labelled sets of predictions hold the same rows, in whatever order.
 *
 * <p>Each row (its probabilities rounded to float32, and its label) is hashed to 2 x 64 bits and
 * the hashes are added modulo 2^64, so the order of rows does not matter, and saving as float32 or
 * turning logits into probabilities does not either. It catches the main mistake, judging on the
 * very data set that was fitted; it does not see a part of the fitting rows mixed into other rows.
 *
 * @param rows number of rows
 * @param hash 32 hexadecimal digits
 */
public record DataFingerprint(long rows, String hash) {
  private static final long FIRST_SEED = 0x243F6A8885A308D3L;
  private static final long SECOND_SEED = 0x13198A2E03707344L;

  /**
   * Checks the parts.
   *
   * @param rows number of rows
   * @param hash 32 hexadecimal digits
   * @throws IllegalArgumentException if there is no row or the hash is not 32 hexadecimal digits
   */
  public DataFingerprint {
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be at least 1, got " + rows);
    }
    if (!hash.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("hash must be 32 hexadecimal digits, got " + hash);
    }
  }

  /**
   * The fingerprint of labelled predictions.
   *
   * @param predictions predictions with labels
   * @return their fingerprint
   * @throws IllegalStateException if there are no labels
   */
  public static DataFingerprint of(Predictions predictions) {
    long first = 0;
    long second = 0;
    for (int row = 0; row < predictions.rows(); row++) {
      first += rowHash(predictions, row, FIRST_SEED);
      second += rowHash(predictions, row, SECOND_SEED);
    }
    return new DataFingerprint(
        predictions.rows(), String.format(Locale.ROOT, "%016x%016x", first, second));
  }

  /**
   * Whether predictions hold exactly the rows of this fingerprint.
   *
   * @param predictions any predictions
   * @return true if they have labels and the same rows in any order
   */
  public boolean matches(Predictions predictions) {
    return predictions.hasLabels() && predictions.rows() == rows && of(predictions).equals(this);
  }

  /**
   * Refuses to judge on the rows that were fitted.
   *
   * @param what what was fitted, for the message
   * @param predictions the predictions to be judged
   * @throws IllegalArgumentException if they are the fitting rows
   */
  public void requireUnseen(String what, Predictions predictions) {
    if (matches(predictions)) {
      throw new IllegalArgumentException(
          what
              + " must be judged on rows it was not fitted on, got the same "
              + rows
              + " rows: keep a part of the data for fitting, or cross-fit");
    }
  }

  JsonObject json() {
    return new JsonObject().put("rows", rows).put("hash", hash);
  }

  static DataFingerprint of(JsonObject json) {
    json.requireOnly("rows", "hash");
    try {
      return new DataFingerprint(json.integer("rows", 1, 1L << 53), json.string("hash"));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON fitted_on: " + e.getMessage());
    }
  }

  private static long rowHash(Predictions predictions, int row, long seed) {
    long h = mix(seed + predictions.label(row));
    for (int k = 0; k < predictions.classes(); k++) {
      // Adding 0 turns -0 into 0.
      h = mix(h ^ Float.floatToIntBits((float) predictions.probability(row, k) + 0f));
    }
    return h;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), after its increment. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

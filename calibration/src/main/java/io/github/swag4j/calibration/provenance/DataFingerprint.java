package io.github.swag4j.calibration.provenance;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tells whether labelled predictions hold rows of another set, in whatever order.
 *
 * <p>Each row (its probabilities rounded to float32, so that saving as float32 or turning logits
 * into probabilities changes nothing, and its label) is hashed to 2 x 64 bits. The sums of the
 * hashes modulo 2^64 tell the very same set. Beside them 48 bits of the {@value HashSample#MOST}
 * smallest hashes of single rows are kept, all of them or a random sample, with 32 bits of their
 * ids where they have ids; they tell a part of the set, or the set among other rows. A row is
 * single if no other row has its <em>shape</em>: its probabilities, whichever class has which, and
 * the probability of its label.
 *
 * <p>Rows in common are counted exactly where all hashes are kept; but rows of unrelated sets may
 * agree too, where probabilities are coarse (few digits, float16) or saturated. How often is read
 * off the sets themselves. {@link #requireUnseen} refuses by either of two rules, n rows here and x
 * judged:
 *
 * <ul>
 *   <li><b>Count.</b> h single rows are among those judged, once or more; d shapes are those of
 *       exactly two rows here, or of more than one row judged and no row in common. Of rows drawn
 *       independently, for each set from a distribution of its own, h is at most d on average; it
 *       is refused where a fair coin would give h of h + d with probability below 1e-4: from 14
 *       rows in common where no rows agree otherwise (17 beside one such shape), however large the
 *       sets. Where ids agree as well, below 1e-2: from 7.
 *   <li><b>Share.</b> With r the share of the hashes that is kept, m = r x, and c = 2 (N2 + 3
 *       sqrt(N2) + 3) / n, at most 1, the share that unrelated rows would hit (Good and Turing,
 *       from the N2 shapes that occur twice here, with a margin for luck): refused if at least 3
 *       single rows are hit and more than m max(0.1, c) + 4 sqrt(m c (1 - c)). It finds small parts
 *       of a large fit.
 * </ul>
 *
 * <p>Shapes rather than rows are held against the rows in common because rows drawn class by class
 * cannot agree within a set where there is one of each class, and do across. Rows that share their
 * shape, such as saturated or binned ones, are no evidence: data of few distinct rows are refused
 * only as the very same set, and of one or two shapes (all rows right and saturated, say) not even
 * so. Ids alone are none either, since rows of unrelated files are often numbered alike. But where
 * both sets have ids and no id names different rows, ids tell rows apart, and rows that agree under
 * different ids are different rows.
 *
 * <p><b>Assumption.</b> The rows of each set are drawn independently, all alike or class by class.
 * Sets made so that equal rows end up on either side (a file sorted by score and dealt out in turn,
 * one row of each leaf of a tree, duplicates removed within each set) have equal rows in common
 * that are not the same; where probabilities are coarse, give both sets ids.
 *
 * <p>What escapes: fewer than 14 rows (7 with ids) unless they are more than a tenth and a margin;
 * parts of 2 rows; of a fit of n above {@value HashSample#MOST} rows, fewer than about 14 n /
 * {@value HashSample#MOST}, or a tenth of a judged set; parts of a set that holds its rows twice,
 * or among other rows all of which are repeated; rows that were given new ids. {@link #commonRows}
 * gives the count whether or not it is refused.
 *
 * @param rows number of rows n
 * @param hash 32 hexadecimal digits
 * @param single number of rows whose shape no other row has
 * @param twice number of shapes N2 that exactly two rows have
 * @param sample the smallest hashes of single rows in ascending order, 8 characters of base64 each
 * @param ids 4 bytes of the id of each of these rows, in base64; empty without ids
 * @see <a href="https://doi.org/10.1093/biomet/40.3-4.237">Good 1953, The population frequencies of
 *     species</a>
 * @see <a href="https://doi.org/10.1145/1353343.1353449">Beyer et al. 2007, On synopses for
 *     distinct-value estimation</a>, for the smallest hashes as a sample
 */
public record DataFingerprint(
    long rows, String hash, long single, long twice, String sample, String ids) {
  /** Fewer: all rows saturated, or all alike; balanced sets are then the same by chance. */
  private static final int FEWEST_SHAPES = 3;

  /**
   * Checks the parts.
   *
   * @param rows number of rows
   * @param hash 32 hexadecimal digits
   * @param single number of rows whose shape no other row has
   * @param twice number of shapes that exactly two rows have
   * @param sample the smallest hashes of single rows
   * @param ids digits of their ids, or empty
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
    HashSampleText.parse(sample, ids, single);
  }

  /**
   * A fingerprint of rows without ids.
   *
   * @param rows number of rows
   * @param hash 32 hexadecimal digits
   * @param single number of rows whose shape no other row has
   * @param twice number of shapes that exactly two rows have
   * @param sample the smallest hashes of single rows
   * @throws IllegalArgumentException as the constructor with ids
   */
  public DataFingerprint(long rows, String hash, long single, long twice, String sample) {
    this(rows, hash, single, twice, sample, "");
  }

  /**
   * The fingerprint of labelled predictions.
   *
   * @param predictions predictions with labels
   * @return their fingerprint
   * @throws IllegalStateException if there are no labels
   */
  public static DataFingerprint of(Predictions predictions) {
    long[] hashes = RowHashes.of(predictions, RowHashes.FIRST_SEED);
    RowShapes shapes = RowShapes.of(predictions);
    HashSample sample = HashSample.of(predictions, hashes, shapes);
    return new DataFingerprint(
        predictions.rows(),
        sum(predictions, hashes),
        sample.single(),
        shapes.twice(),
        HashSampleText.ofHashes(sample),
        HashSampleText.ofIds(sample));
  }

  private static String sum(Predictions predictions, long[] hashes) {
    long first = Arrays.stream(hashes).sum();
    long second = Arrays.stream(RowHashes.of(predictions, RowHashes.SECOND_SEED)).sum();
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
        && sum(predictions, RowHashes.of(predictions, RowHashes.FIRST_SEED)).equals(hash);
  }

  /**
   * Estimates how many of the predictions' rows are single rows of this fingerprint.
   *
   * @param predictions any predictions
   * @return a share in [0, 1], exact if this set has at most {@value HashSample#MOST} single rows;
   *     0 without labels
   */
  public double overlap(Predictions predictions) {
    if (!predictions.hasLabels()) {
      return 0;
    }
    HashSample kept = kept();
    return Math.min(1, inCommon(kept, predictions).same() / (kept.rate() * predictions.rows()));
  }

  /**
   * Counts the single rows of this set that are among others. There may be some by chance where
   * probabilities are coarse.
   *
   * @param predictions any predictions
   * @return the count, exact if this set has at most {@value HashSample#MOST} single rows, else
   *     estimated; 0 without labels
   */
  public long rowsInCommon(Predictions predictions) {
    return commonRows(predictions).count();
  }

  /**
   * Counts the single rows of this set that are among others, and says whether chance explains
   * them: at most d + 3 sqrt(2 d) of them, d as in the rule of the count.
   *
   * @param predictions any predictions
   * @return the count and how to read it; 0 without labels
   */
  public CommonRows commonRows(Predictions predictions) {
    if (!predictions.hasLabels()) {
      return new CommonRows(0, false, true);
    }
    HashSample kept = kept();
    OverlapEvidence common = inCommon(kept, predictions);
    double rate = kept.rate();
    return new CommonRows(
        Math.round(common.same() / rate), rate < 1, common.isExplained(rate * twice));
  }

  /**
   * Refuses to judge on the rows that were fitted, or on rows too many of which were.
   *
   * @param what what was fitted, for the message
   * @param predictions the predictions to be judged; those without labels are never refused
   * @throws IllegalArgumentException if they are the fitting rows, or hold more of them than chance
   *     explains, by the rules above
   */
  public void requireUnseen(String what, Predictions predictions) {
    if (!predictions.hasLabels()) {
      return;
    }
    if (matches(predictions) && RowShapes.of(predictions).distinct() >= FEWEST_SHAPES) {
      throw new IllegalArgumentException(refusal(what) + "got the same " + rows + remedy());
    }
    HashSample kept = kept();
    OverlapEvidence common = inCommon(kept, predictions);
    double rate = kept.rate();
    if (common.isMoreThanChance(rate * twice)
        || common.isMaterial(rate * predictions.rows(), twice, rows)) {
      throw new IllegalArgumentException(
          refusal(what)
              + String.format(
                  Locale.ROOT,
                  "got %,d rows of which %s%,d are among the %,d fitting",
                  predictions.rows(),
                  rate == 1 ? "" : "about ",
                  Math.round(common.same() / rate),
                  rows)
              + remedy()
              + "; if they only look alike, give both sets ids");
    }
  }

  private static String refusal(String what) {
    return what + " must be judged on rows it was not fitted on, ";
  }

  private static String remedy() {
    return " rows: keep a part of the data for fitting, or cross-fit";
  }

  private HashSample kept() {
    return HashSampleText.parse(sample, ids, single);
  }

  private static OverlapEvidence inCommon(HashSample kept, Predictions predictions) {
    return kept.inCommon(predictions, RowHashes.of(predictions, RowHashes.FIRST_SEED));
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
        .put("sample", sample)
        .put("ids", ids);
  }

  static DataFingerprint of(JsonObject json) {
    json.requireOnly("rows", "hash", "single", "twice", "sample", "ids");
    try {
      return new DataFingerprint(
          json.integer("rows", 1, 1L << 53),
          json.string("hash"),
          json.integer("single", 0, 1L << 53),
          json.integer("twice", 0, 1L << 53),
          json.string("sample"),
          json.has("ids") ? json.string("ids") : "");
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON fitted_on: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "DataFingerprint[rows=" + rows + ", hash=" + hash + "]";
  }
}

package io.github.swag4j.spark;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * What one part of the distinct scores, which come from the highest down, adds to the metrics. No
 * record, as the Kryo that Spark has cannot read those.
 */
final class ScorePart implements Serializable {
  private static final long serialVersionUID = 1;

  /** Binary places of a term of the average precision. */
  private static final int PLACES = 40;

  /** Columns of counts: those of in and of out rows with a score. */
  static final int IN = 1;

  static final int OUT = 2;

  private final int part;
  private final long inRows;
  private final long outRows;

  /**
   * Counts of a part.
   *
   * @param part its number; parts follow each other
   * @param inRows in-distribution rows in it
   * @param outRows out-of-distribution rows in it
   */
  ScorePart(int part, long inRows, long outRows) {
    this.part = part;
    this.inRows = inRows;
    this.outRows = outRows;
  }

  int part() {
    return part;
  }

  long inRows() {
    return inRows;
  }

  long outRows() {
    return outRows;
  }

  /** Rows of a part. */
  static ScorePart of(int part, Iterator<Row> scores) {
    long in = 0;
    long out = 0;
    while (scores.hasNext()) {
      Row row = scores.next();
      in = Math.addExact(in, row.getLong(IN));
      out = Math.addExact(out, row.getLong(OUT));
    }
    return new ScorePart(part, in, out);
  }

  /** Sums over a part. */
  static final class Sums implements Serializable {
    static final Sums NONE = new Sums(BigInteger.ZERO, BigInteger.ZERO, -1);

    private static final long serialVersionUID = 1;
    private final BigInteger pairs;
    private final BigInteger precision;
    private final long calledOut;

    /**
     * The sums.
     *
     * @param pairs twice the pairs of an in and an out row of which the out row has the higher
     *     score, equal ones once
     * @param precision sum of out rows x precision, in units of 2^-40
     * @param calledOut in rows called out at the threshold of the 95 %; -1 if it is not in this
     *     part
     */
    Sums(BigInteger pairs, BigInteger precision, long calledOut) {
      this.pairs = pairs;
      this.precision = precision;
      this.calledOut = calledOut;
    }

    Sums plus(Sums other) {
      return new Sums(
          pairs.add(other.pairs),
          precision.add(other.precision),
          Math.max(calledOut, other.calledOut));
    }

    RankMetrics metrics(ScorePart all) {
      double auroc =
          ratio(pairs, BigInteger.valueOf(all.inRows).multiply(BigInteger.TWO), all.outRows);
      double aupr = ratio(precision, BigInteger.ONE.shiftLeft(PLACES), all.outRows);
      return new RankMetrics(all.inRows, all.outRows, auroc, aupr, (double) calledOut / all.inRows);
    }

    private static double ratio(BigInteger sum, BigInteger unit, long rows) {
      return sum.doubleValue() / unit.multiply(BigInteger.valueOf(rows)).doubleValue();
    }
  }

  /**
   * The sums of this part.
   *
   * @param above rows with higher scores, in the parts before
   * @param all rows of all parts
   * @param scores distinct scores from the highest down, with counts
   */
  static Sums sums(ScorePart above, ScorePart all, Iterator<Row> scores) {
    // At least 95 % of out rows: 20 x called >= 19 x all.
    BigInteger wanted = BigInteger.valueOf(all.outRows).multiply(BigInteger.valueOf(19));
    long in = above.inRows;
    long out = above.outRows;
    BigInteger pairs = BigInteger.ZERO;
    BigInteger precision = BigInteger.ZERO;
    long calledOut = -1;
    boolean reached = reached(out, wanted);
    while (scores.hasNext()) {
      Row row = scores.next();
      long inHere = row.getLong(IN);
      long outHere = row.getLong(OUT);
      in += inHere;
      out += outHere;
      if (outHere > 0) {
        // In rows below this score are won twice, those of it once.
        BigInteger won =
            BigInteger.valueOf(all.inRows - in).shiftLeft(1).add(BigInteger.valueOf(inHere));
        pairs = pairs.add(won.multiply(BigInteger.valueOf(outHere)));
        precision =
            precision.add(
                BigInteger.valueOf(outHere)
                    .multiply(BigInteger.valueOf(out))
                    .shiftLeft(PLACES + 1)
                    .divide(BigInteger.valueOf(in + out))
                    .add(BigInteger.ONE)
                    .shiftRight(1));
      }
      if (!reached && reached(out, wanted)) {
        reached = true;
        calledOut = in;
      }
    }
    return new Sums(pairs, precision, calledOut);
  }

  private static boolean reached(long out, BigInteger wanted) {
    return BigInteger.valueOf(out).multiply(BigInteger.valueOf(20)).compareTo(wanted) >= 0;
  }
}

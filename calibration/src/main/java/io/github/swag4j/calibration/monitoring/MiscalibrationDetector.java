package io.github.swag4j.calibration.monitoring;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Arrays;

/**
 * Raises an alarm when confidences are no longer right, with a guaranteed spacing of false alarms:
 * a sequential test without windows to choose, which may be looked at after every pane for ever.
 *
 * <p><b>What is watched.</b> Of labelled rows, confidence p_i and whether they are right, y_i. As
 * long as all is well, P(y_i = 1 | p_i, what was before) lies in [p_i - tolerance, p_i +
 * tolerance]. No reference is needed: the confidence says what is right.
 *
 * <p><b>Evidence.</b> Of a pane of rows each bet k has the gain L_k = product over rows of exp(s_k
 * y_i) / (1 - q_i + q_i exp(s_k)), with q_i = p_i + tolerance for s_k &gt; 0 and p_i - tolerance
 * for s_k &lt; 0, whose mean is at most 1 while all is well. There are shifts s of -+0.1, 0.2, 0.4,
 * 0.8 and 1.6, on all rows and on those of five bins of confidence. Each is summed as Shiryaev and
 * Roberts do, M_k &lt;- L_k (M_k + 1) from M_k = 0, and the evidence is their mean with fixed
 * shares, M = sum_k w_k M_k. In a pane in which a bet cannot gain, as there is no row in its bin,
 * nothing is begun: M_k &lt;- L_k M_k.
 *
 * <p><b>Guarantee.</b> While all is well, M is an e-detector: E[M at T] &lt;= E[T] for every
 * stopping time T. An alarm is M &gt;= spacing, so the mean number of panes to a false alarm, its
 * average run length, is at least {@code spacing}, and the chance of one within t panes at most t /
 * spacing; the evidence begins anew after an alarm, so the same holds for the next. Nothing is
 * asked of the distribution of confidences, which may change, nor that rows are independent, beyond
 * the condition above, which rows that repeat or share a cause break: the same request, frames of a
 * video, a label taken twice. It does not hold where which labels come depends on whether rows are
 * right, where the size of a pane was chosen by its labels, or for several models together that
 * each have a detector (divide 1 / spacing among them).
 *
 * <p>Empty panes count as none. Mutable, for one thread at a time; memory of 60 numbers.
 *
 * @see <a href="https://arxiv.org/abs/2203.03532">Shin, Ramdas, Rinaldo 2024, E-detectors: the e-SR
 *     procedure and its bound on the average run length</a>
 */
public final class MiscalibrationDetector {
  private final MiscalibrationOptions options;
  private final double[] logEvidence =
      new double[MiscalibrationBets.SCOPES * MiscalibrationBets.BETS];
  private long panes;
  private long sinceAlarm;
  private long alarms;

  /**
   * A detector that has seen nothing.
   *
   * @param options spacing of false alarms, tolerance
   */
  public MiscalibrationDetector(MiscalibrationOptions options) {
    this.options = options;
    restart();
  }

  private void restart() {
    Arrays.fill(logEvidence, Double.NEGATIVE_INFINITY);
    sinceAlarm = 0;
  }

  /**
   * Takes the next pane.
   *
   * @param pane rows of it, all machines' together; may be changed afterwards
   * @return what is known after it
   * @throws IllegalArgumentException if the pane is of another tolerance
   */
  public MiscalibrationReport add(MiscalibrationPane pane) {
    if (Double.compare(pane.tolerance(), options.tolerance()) != 0) {
      throw new IllegalArgumentException(
          "a pane must have the detector's tolerance "
              + options.tolerance()
              + ", got "
              + pane.tolerance());
    }
    if (pane.rows() > 0) {
      panes++;
      sinceAlarm++;
      for (int k = 0; k < logEvidence.length; k++) {
        int scope = k / MiscalibrationBets.BETS;
        int bet = k % MiscalibrationBets.BETS;
        double gain = pane.logGain(scope, bet);
        boolean begins = pane.canGain(scope, bet);
        logEvidence[k] = gain + (begins ? logOfOneMore(logEvidence[k]) : logEvidence[k]);
      }
    }
    return report(pane.rows());
  }

  /** ln(1 + exp(x)). */
  private static double logOfOneMore(double x) {
    return x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : StrictMath.log1p(StrictMath.exp(x));
  }

  private MiscalibrationReport report(long rows) {
    int best = 0;
    double[] logs = new double[logEvidence.length];
    for (int k = 0; k < logs.length; k++) {
      double share = MiscalibrationBets.share(k / MiscalibrationBets.BETS);
      logs[k] = logEvidence[k] + StrictMath.log(share);
      best = logs[k] > logs[best] ? k : best;
    }
    double evidence = 0;
    for (double log : logs) {
      evidence += StrictMath.exp(log);
    }
    boolean alarm = evidence >= options.spacing();
    MiscalibrationReport report =
        new MiscalibrationReport(
            panes,
            rows,
            evidence,
            options.spacing(),
            alarm,
            sinceAlarm,
            MiscalibrationBets.isAgainstConfidence(best % MiscalibrationBets.BETS),
            best / MiscalibrationBets.BETS - 1);
    if (alarm) {
      alarms++;
      restart();
    }
    return report;
  }

  /**
   * Alarms so far.
   *
   * @return how many
   */
  public long alarms() {
    return alarms;
  }

  /**
   * Panes with rows so far.
   *
   * @return how many
   */
  public long panes() {
    return panes;
  }

  /**
   * Writes everything that a restart must know.
   *
   * @param out where to
   * @throws IOException if it cannot be written
   */
  public void write(DataOutput out) throws IOException {
    out.writeDouble(options.spacing());
    out.writeDouble(options.tolerance());
    out.writeLong(panes);
    out.writeLong(sinceAlarm);
    out.writeLong(alarms);
    for (double log : logEvidence) {
      out.writeDouble(log);
    }
  }

  /**
   * Reads what {@link #write} wrote: the reports that follow are the same to the last bit.
   *
   * @param in where from
   * @param options must be those it was written with
   * @return the detector
   * @throws IOException if it cannot be read, or was written with other options
   */
  public static MiscalibrationDetector read(DataInput in, MiscalibrationOptions options)
      throws IOException {
    double spacing = in.readDouble();
    double tolerance = in.readDouble();
    if (spacing != options.spacing() || tolerance != options.tolerance()) {
      throw new InvalidObjectException(
          "the state must be of "
              + options
              + ", got spacing "
              + spacing
              + ", tolerance "
              + tolerance
              + ": begin a new one to change them");
    }
    MiscalibrationDetector detector = new MiscalibrationDetector(options);
    detector.panes = in.readLong();
    detector.sinceAlarm = in.readLong();
    detector.alarms = in.readLong();
    for (int k = 0; k < detector.logEvidence.length; k++) {
      detector.logEvidence[k] = in.readDouble();
      if (Double.isNaN(detector.logEvidence[k])) {
        throw new InvalidObjectException("the state must have evidence, got NaN");
      }
    }
    return detector;
  }
}

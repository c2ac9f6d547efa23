package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import io.github.swag4j.calibration.recalibration.fit.LinearLikelihood;
import io.github.swag4j.calibration.recalibration.fit.NewtonCg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** softmax(W x + b) with a full matrix: matrix scaling and Dirichlet calibration. */
abstract sealed class AffineRecalibrator extends LogitRecalibrator
    permits MatrixScaling, DirichletCalibration {
  /** Terms of a sum that are shown, the heaviest ones. */
  private static final int SHOWN = 6;

  private final ScoreInput input;
  private final OffDiagonalPenalty penalty;
  private final double[] parameters;

  AffineRecalibrator(
      String method,
      int classes,
      FitOrigin fittedOn,
      ScoreInput input,
      OffDiagonalPenalty penalty,
      double[] parameters) {
    super(method, classes, fittedOn);
    this.input = input;
    this.penalty = penalty;
    this.parameters = parameters;
  }

  static double[] minimise(
      FittingSet fit, ScoreInput input, OffDiagonalPenalty penalty, String what) {
    LinearLikelihood f =
        new LinearLikelihood(fit, input.all(fit.predictions), true, penalty.lambda(), penalty.mu());
    return NewtonCg.minimise(f, f.start(what), what);
  }

  /**
   * The matrix W.
   *
   * @return {@code [classes][classes]}, row i makes score i
   */
  public final double[][] matrix() {
    double[][] out = new double[classes()][];
    for (int i = 0; i < out.length; i++) {
      out[i] = Arrays.copyOfRange(parameters, i * classes(), (i + 1) * classes());
    }
    return out;
  }

  /**
   * The intercepts b.
   *
   * @return {@code [classes]}
   */
  public final double[] intercepts() {
    return Arrays.copyOfRange(parameters, classes() * classes(), parameters.length);
  }

  /**
   * The penalty that was fitted with.
   *
   * @return the penalty
   */
  public final OffDiagonalPenalty penalty() {
    return penalty;
  }

  @Override
  final ScoreInput input() {
    return input;
  }

  @Override
  final ScoreInput inputFor(Predictions predictions) {
    return input;
  }

  @Override
  final double[] mapScores(double[] scores) {
    return LinearLikelihood.scores(parameters, true, scores, 0, classes());
  }

  @Override
  public final Map<String, double[]> parameters() {
    Map<String, double[]> out = new LinkedHashMap<>();
    out.put("matrix", Arrays.copyOf(parameters, classes() * classes()));
    out.put("intercepts", intercepts());
    out.put("penalty", new double[] {penalty.lambda(), penalty.mu()});
    return out;
  }

  @Override
  public List<String> inWords() {
    List<String> lines = new ArrayList<>();
    lines.add("p = softmax(W z + b), z the " + input.jsonName() + "; the score of each class is");
    double[][] w = matrix();
    double[] b = intercepts();
    for (int i = 0; i < w.length; i++) {
      StringBuilder line = new StringBuilder(nameOf(i)).append(": ").append(number(b[i]));
      Integer[] heaviest = new Integer[w.length];
      Arrays.setAll(heaviest, k -> k);
      double[] row = w[i];
      Arrays.sort(heaviest, Comparator.comparingDouble(k -> -Math.abs(row[k])));
      for (int t = 0; t < Math.min(SHOWN, row.length); t++) {
        int k = heaviest[t];
        line.append(row[k] < 0 ? " - " : " + ").append(number(Math.abs(row[k])));
        line.append(" z(").append(nameOf(k)).append(')');
      }
      lines.add(line + (row.length > SHOWN ? " + ... (" + row.length + " terms)" : ""));
    }
    return lines;
  }

  static double[] read(RecalibratorParameters p) {
    int k = p.classes();
    double[] w = Arrays.copyOf(p.finite("matrix", (long) k * k), Math.multiplyExact(k, k + 1));
    System.arraycopy(p.finite("intercepts", k), 0, w, k * k, k);
    return w;
  }

  static OffDiagonalPenalty readPenalty(RecalibratorParameters p) {
    double[] values = p.finite("penalty", 2);
    return new OffDiagonalPenalty(values[0], values[1]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s of %s, %d classes, lambda %s, mu %s",
        method().equals(MatrixScaling.METHOD) ? "matrix scaling" : "Dirichlet calibration",
        input.jsonName(),
        classes(),
        penalty.lambda(),
        penalty.mu());
  }
}

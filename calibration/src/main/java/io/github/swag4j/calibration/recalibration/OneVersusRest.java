package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Binary maps, one for class 1 of a binary problem or one for each of several classes against the
 * rest; several are divided by their sum (Zadrozny and Elkan 2002), and a row in which all are 0
 * becomes uniform.
 */
abstract sealed class OneVersusRest extends FittedRecalibrator
    permits PlattScaling,
        BetaCalibration,
        IsotonicCalibration,
        HistogramBinning,
        BayesianBinning,
        NearIsotonicEnsemble,
        ScalingBinning,
        VennAbers {
  /** Probabilities at which a map is shown. */
  private static final double[] GRID = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99};

  private final BinaryMap.Score score;
  private final BinaryMap[] maps;

  OneVersusRest(
      String method, int classes, FitOrigin fittedOn, BinaryMap.Score score, BinaryMap[] maps) {
    super(method, classes, fittedOn);
    this.score = score;
    this.maps = maps;
  }

  /** Fits a binary map on scores, labels 0 or 1, and weights. */
  interface BinaryFit {
    BinaryMap fit(double[] scores, double[] labels, double[] weights);
  }

  static BinaryMap[] fitAll(FittingSet fit, BinaryMap.Score score, BinaryFit binary) {
    BinaryMap[] maps = new BinaryMap[fit.classes == 2 ? 1 : fit.classes];
    for (int i = 0; i < maps.length; i++) {
      int k = classOf(i, fit.classes);
      maps[i] = binary.fit(score.column(fit.predictions, k), fit.indicator(k), fit.weights);
    }
    return maps;
  }

  static BinaryMap[] readAll(RecalibratorParameters p, Function<String, BinaryMap> read) {
    BinaryMap[] maps = new BinaryMap[p.classes() == 2 ? 1 : p.classes()];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = read.apply(prefix(classOf(i, p.classes())));
    }
    return maps;
  }

  private static int classOf(int map, int classes) {
    return classes == 2 ? 1 : map;
  }

  private static String prefix(int k) {
    return "class_" + k + ".";
  }

  final BinaryMap map(int k) {
    if (classes() == 2 && k != 1) {
      throw new IllegalArgumentException("binary problems have one map, that of class 1, got " + k);
    }
    return maps[classes() == 2 ? 0 : k];
  }

  @Override
  final Predictions map(Predictions predictions) {
    double[][] out = new double[predictions.rows()][classes()];
    for (int row = 0; row < out.length; row++) {
      double[] p = out[row];
      if (maps.length == 1) {
        p[1] = maps[0].apply(score.of(predictions, row, 1));
        p[0] = 1 - p[1];
        continue;
      }
      double sum = 0;
      for (int k = 0; k < maps.length; k++) {
        p[k] = maps[k].apply(score.of(predictions, row, k));
        sum += p[k];
      }
      if (sum > 0) {
        for (int k = 0; k < maps.length; k++) {
          p[k] /= sum;
        }
      } else {
        Arrays.fill(p, 1.0 / maps.length);
      }
    }
    return RebuiltPredictions.withProbabilities(predictions, out);
  }

  @Override
  public Map<String, double[]> parameters() {
    Map<String, double[]> out = new LinkedHashMap<>();
    for (int i = 0; i < maps.length; i++) {
      maps[i].describe(prefix(classOf(i, classes())), out);
    }
    return out;
  }

  @Override
  public List<String> inWords() {
    List<String> lines = new ArrayList<>();
    lines.add(
        maps.length == 1
            ? "the probability of "
                + nameOf(1)
                + " becomes a function of it, that of "
                + nameOf(0)
                + " the rest"
            : "the probability of each class becomes a function of it, and a row is divided by its"
                + " sum");
    for (int i = 0; i < maps.length; i++) {
      StringBuilder line = new StringBuilder(nameOf(classOf(i, classes()))).append(": ");
      line.append(maps[i].inWords()).append("; ");
      for (int g = 0; g < GRID.length; g++) {
        double p = GRID[g];
        double f = score == BinaryMap.Score.LOG_ODDS ? Math.log(p) - Math.log1p(-p) : p;
        line.append(g == 0 ? "" : ", ").append(p).append(" to ").append(number(maps[i].apply(f)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  @Override
  public String toString() {
    return method() + " recalibration, " + classes() + " classes";
  }
}

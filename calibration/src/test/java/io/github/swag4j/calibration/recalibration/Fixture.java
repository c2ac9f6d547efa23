package io.github.swag4j.calibration.recalibration;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.recalibration.fit.Softmax;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** The 500 x 4 logits of the fixture, and golden values with their script in src/test/python. */
public final class Fixture {
  /** Rows that the golden values are fitted on. */
  public static final int FIT = 300;

  private static final double[][] LOGITS = new double[500][4];
  private static final int[] LABELS = new int[500];

  static {
    String[] lines = text("logits_id.csv").strip().split("\n", -1);
    for (int i = 0; i < 500; i++) {
      String[] cells = lines[i + 1].split(",", -1);
      for (int k = 0; k < 4; k++) {
        LOGITS[i][k] = Double.parseDouble(cells[k]);
      }
      LABELS[i] = Integer.parseInt(cells[4]);
    }
  }

  private Fixture() {}

  private static String text(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream("/recalibration/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonObject golden() {
    return JsonParser.parseString(text("golden.json")).getAsJsonObject();
  }

  public static JsonObject expected() {
    return JsonParser.parseString(text("expected.json")).getAsJsonObject();
  }

  public static Predictions logits(int from, int to) {
    return Predictions.ofLogits(
        Arrays.copyOfRange(LOGITS, from, to), Arrays.copyOfRange(LABELS, from, to));
  }

  /** Rows to fit on. */
  public static Predictions fit() {
    return logits(0, FIT);
  }

  /** Rows to judge on. */
  public static Predictions held() {
    return logits(FIT, 500);
  }

  /** The same rows as probabilities. */
  public static Predictions probabilities(Predictions p) {
    double[][] values = new double[p.rows()][];
    int[] labels = new int[p.rows()];
    for (int i = 0; i < values.length; i++) {
      values[i] = p.probabilities(i);
      labels[i] = p.label(i);
    }
    return Predictions.of(values, labels);
  }

  /** Confidence and whether it is right, as a binary problem. */
  public static Predictions top(Predictions p) {
    double[] confidence = new double[p.rows()];
    int[] right = new int[p.rows()];
    for (int i = 0; i < confidence.length; i++) {
      confidence[i] = p.confidence(i);
      right[i] = p.isCorrect(i) ? 1 : 0;
    }
    return Predictions.binary(confidence, right);
  }

  /** Binary problem with probabilities rounded to one decimal: many ties. */
  public static Predictions tied(Predictions binary) {
    double[] p = new double[binary.rows()];
    int[] y = new int[binary.rows()];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.rint(binary.probability(i, 1) * 10) / 10;
      y[i] = binary.label(i);
    }
    return Predictions.binary(p, y);
  }

  public static double[] numbers(JsonElement array) {
    JsonArray a = array.getAsJsonArray();
    double[] out = new double[a.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = a.get(i).getAsDouble();
    }
    return out;
  }

  /** Random logits with labels drawn from softmax(sharpness * logits), and a row of every class. */
  public static Predictions random(long seed, int rows, int classes, double sharpness) {
    return draw(seed, rows, classes, sharpness, true);
  }

  /** Random logits with labels drawn from softmax(sharpness * logits): exchangeable rows. */
  public static Predictions exchangeable(long seed, int rows, int classes, double sharpness) {
    return draw(seed, rows, classes, sharpness, false);
  }

  private static Predictions draw(
      long seed, int rows, int classes, double sharpness, boolean everyClass) {
    Random random = new Random(seed);
    double[][] z = new double[rows][classes];
    int[] y = new int[rows];
    for (int i = 0; i < rows; i++) {
      double[] scaled = new double[classes];
      for (int k = 0; k < classes; k++) {
        z[i][k] = random.nextGaussian() * 2;
        scaled[k] = z[i][k] * sharpness;
      }
      double[] p = Softmax.of(scaled);
      double u = random.nextDouble();
      int k = 0;
      double sum = p[0];
      while (u > sum && k < classes - 1) {
        sum += p[++k];
      }
      // The first rows take the classes in turn, so that none is missing.
      y[i] = everyClass && i < classes ? i : k;
    }
    return Predictions.ofLogits(z, y);
  }

  /** The rows in an order drawn by the seed. */
  public static Predictions shuffled(Predictions p, long seed) {
    int[] order = new int[p.rows()];
    Arrays.setAll(order, i -> i);
    Random random = new Random(seed);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return p.select(order);
  }

  public static double nll(Predictions p) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < p.rows(); i++) {
      sum -= p.weight(i) * Math.log(p.probability(i, p.label(i)));
      weight += p.weight(i);
    }
    return sum / weight;
  }

  /** The same rows with weights 1, 2, 3, 1, 2, 3, ... */
  public static Predictions weighted(Predictions p) {
    double[] w = new double[p.rows()];
    for (int i = 0; i < w.length; i++) {
      w[i] = 1 + i % 3;
    }
    return withWeights(p, w);
  }

  public static Predictions withWeights(Predictions p, double[] w) {
    PredictionsBuilder b = Predictions.builder();
    double[][] v = new double[p.rows()][p.classes()];
    int[] y = new int[p.rows()];
    for (int i = 0; i < w.length; i++) {
      y[i] = p.label(i);
      for (int k = 0; k < p.classes(); k++) {
        v[i][k] = p.hasLogits() ? p.logit(i, k) : p.probability(i, k);
      }
    }
    if (p.hasLogits()) {
      b.logits(v);
    } else if (p.isBinary()) {
      b.positiveProbabilities(Arrays.stream(v).mapToDouble(r -> r[1]).toArray());
    } else {
      b.probabilities(v);
    }
    return b.labels(y).weights(w).build();
  }

  /** Each row as often as its whole weight. */
  public static Predictions repeated(Predictions p) {
    int[] rows = new int[p.rows() * 4];
    int n = 0;
    for (int i = 0; i < p.rows(); i++) {
      for (int j = 0; j < p.weight(i); j++) {
        rows[n++] = i;
      }
    }
    Predictions all = p.select(Arrays.copyOf(rows, n));
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return withWeights(all, ones);
  }

  public static void assertSameBits(Predictions a, Predictions b) {
    for (int i = 0; i < a.rows(); i++) {
      for (int k = 0; k < a.classes(); k++) {
        long left = Double.doubleToLongBits(a.probability(i, k));
        if (left != Double.doubleToLongBits(b.probability(i, k))) {
          throw new AssertionError("row " + i + ", class " + k + " differs");
        }
      }
    }
  }
}

package io.github.swag4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A small table of numbers with a target in its last column, and splits of it. The tables are those
 * that {@code python/export_regression_data.py} wrote, which says where they come from.
 *
 * @param inputs {@code [rows][columns]}
 * @param targets {@code [rows]}
 */
record RegressionTable(double[][] inputs, double[] targets) {

  /**
   * Rows for training, validation and test, standardised by the mean and standard deviation of the
   * training rows.
   *
   * @param train four fifths
   * @param validation a tenth
   * @param test a tenth
   * @param shift mean of the training targets, in their own unit
   * @param scale their standard deviation
   */
  record Split(
      RegressionTable train,
      RegressionTable validation,
      RegressionTable test,
      double shift,
      double scale) {}

  static RegressionTable read(String name) throws IOException {
    try (InputStream in = RegressionTable.class.getResourceAsStream(name + ".csv")) {
      if (in == null) {
        throw new IOException("there is no table " + name + ", only diabetes and auto-mpg");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      lines.readLine();
      List<double[]> inputs = new ArrayList<>();
      List<Double> targets = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split(",", -1);
        double[] row = new double[cells.length - 1];
        for (int c = 0; c < row.length; c++) {
          row[c] = Double.parseDouble(cells[c]);
        }
        inputs.add(row);
        targets.add(Double.parseDouble(cells[cells.length - 1]));
      }
      return new RegressionTable(
          inputs.toArray(double[][]::new),
          targets.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  int rows() {
    return targets.length;
  }

  int columns() {
    return inputs[0].length;
  }

  Split split(long seed) {
    int[] order = new int[rows()];
    Random random = new Random(seed);
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    int tenth = rows() / 10;
    int trained = rows() - 2 * tenth;
    double[] mean = new double[columns() + 1];
    double[] sd = new double[columns() + 1];
    for (int c = 0; c <= columns(); c++) {
      for (int i = 0; i < trained; i++) {
        mean[c] += value(order[i], c) / trained;
      }
      for (int i = 0; i < trained; i++) {
        sd[c] += Math.pow(value(order[i], c) - mean[c], 2) / trained;
      }
      sd[c] = sd[c] > 0 ? Math.sqrt(sd[c]) : 1;
    }
    return new Split(
        part(order, 0, trained, mean, sd),
        part(order, trained, trained + tenth, mean, sd),
        part(order, trained + tenth, rows(), mean, sd),
        mean[columns()],
        sd[columns()]);
  }

  private double value(int row, int column) {
    return column == columns() ? targets[row] : inputs[row][column];
  }

  private RegressionTable part(int[] order, int from, int to, double[] mean, double[] sd) {
    double[][] x = new double[to - from][columns()];
    double[] y = new double[to - from];
    for (int i = from; i < to; i++) {
      for (int c = 0; c < columns(); c++) {
        x[i - from][c] = (value(order[i], c) - mean[c]) / sd[c];
      }
      y[i - from] = (targets[order[i]] - mean[columns()]) / sd[columns()];
    }
    return new RegressionTable(x, y);
  }
}

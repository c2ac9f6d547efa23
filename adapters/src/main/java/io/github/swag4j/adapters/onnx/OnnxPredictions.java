package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Outputs of an {@code OrtSession} as predictions.
 *
 * <pre>{@code
 * try (OrtSession.Result result = session.run(inputs)) {
 *   Predictions predictions =
 *       OnnxPredictions.probabilities(result.get("probabilities").get(), List.of("cat", "dog"))
 *           .labels(OnnxPredictions.labels(trueLabels, List.of("cat", "dog")))
 *           .build();
 * }
 * }</pre>
 *
 * <p>An output of labels, as scikit-learn's converters write beside the probabilities, is what the
 * model predicts and not what is true: nothing here takes it for labels.
 */
public final class OnnxPredictions {

  private OnnxPredictions() {}

  /**
   * Probabilities: a float32 or float64 tensor {@code [rows, classes]}, or a sequence of a map a
   * row from class to probability (ZipMap), whose order is not that of the classes.
   *
   * @param output an output of the model
   * @param classes the classes in the order they are to have, as the maps have them: text, or
   *     integers as text; of a tensor the names of its columns
   * @return a builder, with the names of the classes
   * @throws IllegalArgumentException if it is no such output, or does not have these classes
   * @throws OrtException if it cannot be read
   */
  public static PredictionsBuilder probabilities(OnnxValue output, List<String> classes)
      throws OrtException {
    if (output instanceof OnnxSequence sequence) {
      return maps(sequence, classes).classNames(classes);
    }
    Table table = table(output);
    if (table.columns != classes.size()) {
      throw new IllegalArgumentException(
          "the output must have a column for each of the "
              + classes.size()
              + " classes "
              + classes
              + ", got "
              + table.columns);
    }
    return table.probabilities().classNames(classes);
  }

  /**
   * Probabilities of classes without names, from a tensor {@code [rows, classes]}.
   *
   * @param output an output of the model
   * @return a builder
   * @throws IllegalArgumentException if it is no such tensor; of maps, whose classes have an order
   *     only if it is given
   * @throws OrtException if it cannot be read
   */
  public static PredictionsBuilder probabilities(OnnxValue output) throws OrtException {
    return table(output).probabilities();
  }

  /**
   * Logits, from a tensor {@code [rows, classes]}; probabilities become their softmax.
   *
   * @param output an output of the model
   * @return a builder
   * @throws IllegalArgumentException if it is no such tensor
   * @throws OrtException if it cannot be read
   */
  public static PredictionsBuilder logits(OnnxValue output) throws OrtException {
    Table table = table(output);
    return Predictions.builder().logits(table.rows, table.columns, table::read);
  }

  /**
   * True labels of int64, as class indices.
   *
   * @param values {@code [rows]}, each the number of a class
   * @param classes numbers of the classes as text, in order, such as those of a model's {@code
   *     classlabels_int64s}
   * @return {@code [rows]}, indices in the list
   * @throws IllegalArgumentException if a value is no class
   */
  public static int[] labels(long[] values, List<String> classes) {
    return labels(Arrays.stream(values).mapToObj(Long::toString).toList(), classes);
  }

  /**
   * True labels by name, as class indices.
   *
   * @param values the name of a class for each row
   * @param classes names of the classes in order
   * @return {@code [rows]}, indices in the list
   * @throws IllegalArgumentException if a value is no class
   */
  public static int[] labels(List<String> values, List<String> classes) {
    Map<String, Integer> index = new HashMap<>();
    for (int k = 0; k < classes.size(); k++) {
      index.put(classes.get(k), k);
    }
    int[] labels = new int[values.size()];
    for (int r = 0; r < labels.length; r++) {
      Integer label = index.get(values.get(r));
      if (label == null) {
        throw new IllegalArgumentException(
            "labels[" + r + "] must be one of " + classes + ", got " + values.get(r));
      }
      labels[r] = label;
    }
    return labels;
  }

  private record Table(int rows, int columns, boolean float32, IntToDoubleFunction values) {
    void read(int row, double[] into, int from) {
      for (int k = 0; k < columns; k++) {
        into[from + k] = values.applyAsDouble(row * columns + k);
      }
    }

    PredictionsBuilder probabilities() {
      return Predictions.builder().probabilities(rows, columns, float32, this::read);
    }
  }

  private static Table table(OnnxValue output) {
    if (output instanceof OnnxTensor tensor) {
      long[] shape = tensor.getInfo().getShape();
      OnnxJavaType type = tensor.getInfo().type;
      boolean real = type == OnnxJavaType.FLOAT || type == OnnxJavaType.DOUBLE;
      if (real && shape.length == 2 && shape[1] >= 2) {
        return table(tensor, type == OnnxJavaType.FLOAT, shape);
      }
      throw new IllegalArgumentException(
          "the output must be a float tensor [rows, classes], got "
              + type
              + " "
              + Arrays.toString(shape)
              + (type == OnnxJavaType.INT64 || type == OnnxJavaType.STRING
                  ? ": these are the classes that the model predicts, take its output of"
                      + " probabilities"
                  : ": one column is Predictions.binary's, after a sigmoid if it is a logit"));
    }
    throw new IllegalArgumentException(
        "the output must be a float tensor [rows, classes], got "
            + output.getInfo()
            + ": of maps (ZipMap) say the order of the classes");
  }

  private static Table table(OnnxTensor tensor, boolean float32, long[] shape) {
    int rows = Math.toIntExact(shape[0]);
    int columns = Math.toIntExact(shape[1]);
    if (float32) {
      FloatBuffer values = tensor.getFloatBuffer();
      return new Table(rows, columns, true, values::get);
    }
    DoubleBuffer values = tensor.getDoubleBuffer();
    return new Table(rows, columns, false, values::get);
  }

  private static PredictionsBuilder maps(OnnxSequence sequence, List<String> classes)
      throws OrtException {
    List<? extends OnnxValue> elements = sequence.getValue();
    List<double[]> rows = new ArrayList<>();
    try {
      for (OnnxValue element : elements) {
        if (!(element instanceof OnnxMap map)) {
          throw new IllegalArgumentException(
              "the sequence must be of a map a row, got " + element.getInfo());
        }
        rows.add(row(map.getValue(), classes, rows.size()));
      }
    } finally {
      // Native maps of their own, which closing the sequence leaves.
      OnnxValue.close(elements);
    }
    double[][] all = rows.toArray(double[][]::new);
    return Predictions.builder()
        .probabilities(
            all.length,
            classes.size(),
            true,
            (r, into, from) -> System.arraycopy(all[r], 0, into, from, classes.size()));
  }

  private static double[] row(Map<?, ?> map, List<String> classes, int row) {
    Map<String, Object> named = new HashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    if (!named.keySet().equals(new HashSet<>(classes)) || named.size() != classes.size()) {
      throw new IllegalArgumentException(
          "row " + row + " must have the classes " + classes + ", got " + named.keySet());
    }
    double[] p = new double[classes.size()];
    for (int k = 0; k < p.length; k++) {
      if (!(named.get(classes.get(k)) instanceof Number number)) {
        throw new IllegalArgumentException("row " + row + " must have numbers, got " + named);
      }
      p[k] = number.doubleValue();
    }
    return p;
  }
}

package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file of a prediction that can be gone on with: safetensors of kind {@code prediction-state},
 * the accumulators' numbers as float64 tensors {@code sums/DATASET/NAME}, batch-norm statistics as
 * float32 tensors {@code statistics/SAMPLE/NAME}; what it was made from as metadata.
 */
final class SavedPrediction {
  private static final String KIND = "prediction-state";
  private static final String SUMS = "sums/";
  private static final String STATISTICS = "statistics/";
  private static final int CHUNK = 1 << 13;

  private final Path file;
  private final String what;

  /**
   * What is saved.
   *
   * @param drawn a fingerprint of each sample's weights
   * @param inputs checksums of each data set
   * @param training checksums of the inputs batch norm is refreshed from, or null
   * @param statistics of each sample
   * @param sums the accumulators' numbers, for each data set
   */
  record State(
      List<String> drawn,
      List<String> inputs,
      String training,
      List<Weights> statistics,
      List<Map<String, double[]>> sums) {

    int samples() {
      return drawn.size();
    }

    Map<String, double[]> arrays(int dataSet) {
      return sums.get(dataSet);
    }
  }

  /**
   * A file, there or not.
   *
   * @param file where
   * @param what what the prediction is made with, but weights and inputs
   */
  SavedPrediction(Path file, String what) {
    this.file = file;
    this.what = what;
  }

  /** A named array that must be there. */
  static double[] array(Map<String, double[]> state, String name) {
    double[] values = state.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "a saved prediction must have " + name + ", got " + state.keySet());
    }
    return values;
  }

  boolean exists() {
    return Files.exists(file);
  }

  IllegalArgumentException refuse(String problem) {
    return new IllegalArgumentException(
        "the saved prediction "
            + file
            + " "
            + problem
            + ": predict as then to go on with it, or remove the file to begin anew");
  }

  void write(State state) throws IOException {
    SafeTensorsWriter writer =
        SafeTensorsWriter.of(KIND)
            .metadata("prediction", what)
            .metadata("drawn", String.join(" ", state.drawn()))
            .metadata("inputs", String.join(" ", state.inputs()));
    if (state.training() != null) {
      writer.metadata("training", state.training());
    }
    for (int d = 0; d < state.sums().size(); d++) {
      String prefix = SUMS + d + "/";
      state.sums().get(d).forEach((name, values) -> add(writer, prefix + name, values));
    }
    for (int s = 0; s < state.statistics().size(); s++) {
      Weights used = state.statistics().get(s);
      for (int t = 0; t < used.layout().tensors().size(); t++) {
        WeightLayout.Tensor tensor = used.layout().tensor(t);
        writer.tensor(
            STATISTICS + s + "/" + tensor.name(),
            tensor.shape(),
            List.of(FloatBuffer.wrap(used.toArray(t))));
      }
    }
    writer.write(file);
  }

  private static void add(SafeTensorsWriter writer, String name, double[] values) {
    writer.tensor(
        new StoredTensor(name, TensorType.F64, List.of((long) values.length)),
        sink -> {
          ByteBuffer bytes = buffer();
          for (int from = 0; from < values.length; from += CHUNK) {
            int n = Math.min(CHUNK, values.length - from);
            bytes.clear();
            bytes.asDoubleBuffer().put(values, from, n);
            sink.write(bytes.limit(n * Double.BYTES));
          }
        });
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  State read(WeightLayout statistics) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      String kind = opened.requireMetadata("kind");
      if (!kind.equals(KIND)
          || !opened.requireMetadata("format").equals(SafeTensorsWriter.FORMAT)) {
        throw new WeightFormatException(
            file, "metadata kind must be " + KIND + " of format 1, got " + kind);
      }
      String then = opened.requireMetadata("prediction");
      if (!then.equals(what)) {
        throw refuse("was made otherwise: then " + then + ", now " + what);
      }
      List<String> drawn = List.of(opened.requireMetadata("drawn").split(" ", -1));
      List<String> inputs = List.of(opened.requireMetadata("inputs").split(" ", -1));
      return new State(
          drawn,
          inputs,
          opened.metadata().get("training"),
          statistics(opened, drawn.size(), statistics),
          sums(opened, inputs.size()));
    }
  }

  private static List<Map<String, double[]>> sums(SafeTensors opened, int dataSets)
      throws IOException {
    List<Map<String, double[]>> sums = new ArrayList<>();
    for (int d = 0; d < dataSets; d++) {
      Map<String, double[]> arrays = new LinkedHashMap<>();
      String prefix = SUMS + d + "/";
      for (StoredTensor entry : opened.entries().values()) {
        if (entry.name().startsWith(prefix)) {
          arrays.put(entry.name().substring(prefix.length()), doubles(opened, entry));
        }
      }
      sums.add(arrays);
    }
    return sums;
  }

  private static double[] doubles(SafeTensors opened, StoredTensor entry) throws IOException {
    if (entry.type() != TensorType.F64 || entry.size() > Integer.MAX_VALUE - 8) {
      throw new WeightFormatException(
          opened.file(), "tensor " + entry.name() + " must be F64, got " + entry);
    }
    double[] out = new double[(int) entry.size()];
    ByteBuffer bytes = buffer();
    for (int from = 0; from < out.length; from += CHUNK) {
      int n = Math.min(CHUNK, out.length - from);
      bytes.clear().limit(n * Double.BYTES);
      opened.read(entry, from, bytes);
      bytes.flip();
      bytes.asDoubleBuffer().get(out, from, n);
    }
    return out;
  }

  private static List<Weights> statistics(SafeTensors opened, int samples, WeightLayout layout)
      throws IOException {
    List<Weights> out = new ArrayList<>();
    for (int s = 0; s < samples; s++) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        String name = STATISTICS + s + "/" + layout.tensor(t).name();
        opened.requireShape(name, layout.tensor(t).shape());
        values[t] = opened.readFloats(name);
      }
      out.add(Weights.adopt(layout, values));
    }
    return out;
  }
}

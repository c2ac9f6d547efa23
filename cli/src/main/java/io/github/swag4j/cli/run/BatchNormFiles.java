package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The batch-norm statistics every sample was predicted with: {@code METHOD/TENSOR} of shape
 * [samples, channels]. With them a run predicts again without its training data.
 */
public final class BatchNormFiles {
  private static final String KIND = "batch-norm-statistics";

  private BatchNormFiles() {}

  public static void write(Path file, WeightLayout layout, Map<String, List<Weights>> byMethod)
      throws IOException {
    SafeTensorsWriter writer = SafeTensorsWriter.of(KIND, layout);
    for (Map.Entry<String, List<Weights>> method : byMethod.entrySet()) {
      List<Weights> samples = method.getValue();
      for (int t = 0; t < layout.tensors().size(); t++) {
        int tensor = t;
        writer.tensor(
            method.getKey() + "/" + layout.tensor(t).name(),
            shape(layout.tensor(t), samples.size()),
            samples.stream().map(s -> s.values(tensor)).toList());
      }
    }
    writer.write(file);
  }

  /** Statistics of a method, if there are any for so many samples. */
  public static Optional<List<Weights>> read(
      Path file, WeightLayout layout, String method, int samples) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.requireKind(KIND, layout);
      float[][][] values = new float[samples][layout.tensors().size()][];
      for (int t = 0; t < layout.tensors().size(); t++) {
        String name = method + "/" + layout.tensor(t).name();
        StoredTensor entry = opened.entries().get(name);
        if (entry == null || entry.shape().isEmpty() || entry.shape().get(0) < samples) {
          return Optional.empty();
        }
        opened.requireShape(name, shape(layout.tensor(t), Math.toIntExact(entry.shape().get(0))));
        for (int s = 0; s < samples; s++) {
          values[s][t] = opened.readFiniteFloats(name, s);
          requireValid(file, name, layout.tensor(t), values[s][t]);
        }
      }
      List<Weights> read = new ArrayList<>();
      for (float[][] sample : values) {
        read.add(Weights.adopt(layout, sample));
      }
      return Optional.of(read);
    }
  }

  private static void requireValid(
      Path file, String name, WeightLayout.Tensor tensor, float[] values) throws IOException {
    for (float value : values) {
      if (tensor.role() == WeightLayout.Role.RUNNING_VARIANCE && value < 0) {
        throw new WeightFormatException(
            file, "tensor " + name + " must be at least 0, got " + value);
      }
    }
  }

  private static List<Long> shape(WeightLayout.Tensor tensor, int samples) {
    List<Long> shape = new ArrayList<>();
    shape.add((long) samples);
    shape.addAll(tensor.shape());
    return shape;
  }
}

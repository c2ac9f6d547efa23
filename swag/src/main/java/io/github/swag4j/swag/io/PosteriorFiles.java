package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.Sampler;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * SWAG posteriors in safetensors files: for each tensor {@code mean/NAME}, {@code variance/NAME}
 * and {@code deviations/NAME} of shape [K, ...], oldest column first, with the facts needed to draw
 * the same samples as metadata.
 */
public final class PosteriorFiles {
  private static final String KIND = "swag-posterior";
  private static final String MEAN = "mean/";
  private static final String VARIANCE = "variance/";
  private static final String DEVIATIONS = "deviations/";

  private PosteriorFiles() {}

  /**
   * Writes a posterior.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @throws IOException if writing fails
   * @throws IllegalArgumentException if the posterior has another {@link SampleMode} than the
   *     default, which these files cannot say
   */
  public static void write(Path file, SwagPosterior posterior) throws IOException {
    if (!posterior.mode().equals(SampleMode.DEFAULT)) {
      throw new IllegalArgumentException(
          "a posterior file must be of the default sample mode, got "
              + posterior.mode()
              + ": write posterior.withMode(SampleMode.DEFAULT), and set the mode after reading");
    }
    WeightLayout layout = posterior.layout();
    List<Weights> columns = posterior.deviations();
    SafeTensorsWriter writer =
        SafeTensorsWriter.of(KIND, layout)
            .metadata("count", Long.toString(posterior.count()))
            .metadata("rank", Integer.toString(posterior.options().rank()))
            .metadata("columns", Integer.toString(columns.size()))
            .metadata("centre", posterior.options().centre().name())
            .metadata("variance_floor", Float.toString(posterior.options().varianceFloor()))
            .metadata("scale", Double.toString(posterior.scale()))
            .metadata("covariance", "scale * (diag(variance) + D D^T / (columns - 1))")
            .metadata("sampler", posterior.sampler().id());
    for (int t = 0; t < layout.tensors().size(); t++) {
      int tensor = t;
      WeightLayout.Tensor of = layout.tensor(t);
      writer.tensor(MEAN + of.name(), of.shape(), List.of(posterior.mean().values(t)));
      writer.tensor(VARIANCE + of.name(), of.shape(), List.of(posterior.variance().values(t)));
      List<FloatBuffer> parts = columns.stream().map(c -> c.values(tensor)).toList();
      writer.tensor(DEVIATIONS + of.name(), columnShape(of, columns.size()), parts);
    }
    writer.write(file);
  }

  /**
   * Reads a posterior.
   *
   * @param file the file
   * @param layout the model's weights
   * @return the posterior; it draws the samples the written one drew, bit for bit
   * @throws WeightFormatException if the file is damaged, of another kind, model or sampler, or
   *     holds a value that is not finite or a variance below its floor
   * @throws IOException if reading fails
   */
  public static SwagPosterior read(Path file, WeightLayout layout) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      requireModel(file, opened, layout);
      opened.requireKind(KIND, layout);
      String sampler = opened.requireMetadata("sampler");
      try {
        return read(file, opened, layout).withSampler(Sampler.named(sampler));
      } catch (IllegalArgumentException e) {
        throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
      }
    }
  }

  /** Two fingerprints tell a reader nothing: the first tensor that differs does. */
  private static void requireModel(Path file, SafeTensors opened, WeightLayout layout)
      throws WeightFormatException {
    if (layout.hash().equals(opened.metadata().get("layout"))
        || !KIND.equals(opened.metadata().get("kind"))) {
      return;
    }
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    opened
        .entries()
        .forEach(
            (name, entry) -> {
              if (name.startsWith(MEAN)) {
                tensors.add(
                    new WeightLayout.Tensor(
                        name.substring(MEAN.length()), WeightLayout.Role.OTHER, entry.shape()));
              }
            });
    try {
      layout.requireSame(WeightLayout.of(tensors));
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, e.getMessage());
    }
  }

  private static SwagPosterior read(Path file, SafeTensors opened, WeightLayout layout)
      throws IOException {
    int rank = Integer.parseInt(opened.requireMetadata("rank"));
    int columns = Integer.parseInt(opened.requireMetadata("columns"));
    if (columns < 0 || columns > rank) {
      throw new WeightFormatException(
          file, "columns must be between 0 and rank " + rank + ", got " + columns);
    }
    SwagPosterior.Options options =
        new SwagPosterior.Options(
            rank,
            Float.parseFloat(opened.requireMetadata("variance_floor")),
            SwagPosterior.Centre.valueOf(opened.requireMetadata("centre")));
    float[][] mean = new float[layout.tensors().size()][];
    float[][] variance = new float[mean.length][];
    float[][][] deviations = new float[columns][mean.length][];
    for (int t = 0; t < mean.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      opened.requireShape(MEAN + tensor.name(), tensor.shape());
      opened.requireShape(VARIANCE + tensor.name(), tensor.shape());
      String deviation = DEVIATIONS + tensor.name();
      opened.requireShape(deviation, columnShape(tensor, columns));
      mean[t] = opened.readFiniteFloats(MEAN + tensor.name());
      variance[t] = opened.readFiniteFloats(VARIANCE + tensor.name());
      requireVariances(file, VARIANCE + tensor.name(), variance[t], options.varianceFloor());
      for (int k = 0; k < columns; k++) {
        deviations[k][t] = opened.readFiniteFloats(deviation, k);
      }
    }
    List<Weights> columnWeights = new ArrayList<>();
    for (float[][] column : deviations) {
      columnWeights.add(Weights.adopt(layout, column));
    }
    long count = Long.parseLong(opened.requireMetadata("count"));
    if (count < Math.max(2, columns)) {
      throw new WeightFormatException(
          file, "count must be at least 2 and at least columns " + columns + ", got " + count);
    }
    return new SwagPosterior(
        options,
        count,
        Double.parseDouble(opened.requireMetadata("scale")),
        Weights.adopt(layout, mean),
        Weights.adopt(layout, variance),
        columnWeights);
  }

  /** A negative variance would make NaN weights, one below the floor an infinite density. */
  private static void requireVariances(Path file, String name, float[] values, float floor)
      throws WeightFormatException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < floor) {
        throw new WeightFormatException(
            file,
            "tensor "
                + name
                + " must be at least variance_floor "
                + floor
                + ", got "
                + values[i]
                + " at "
                + i
                + ": it holds variances, not logarithms or differences of moments");
      }
    }
  }

  private static List<Long> columnShape(WeightLayout.Tensor tensor, int columns) {
    List<Long> shape = new ArrayList<>();
    shape.add((long) columns);
    shape.addAll(tensor.shape());
    return shape;
  }
}

package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.laplace.DiagonalCurvature;
import io.github.swag4j.swag.laplace.FullCurvature;
import io.github.swag4j.swag.laplace.KroneckerCurvature;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.LayerCurvature;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Laplace posteriors in safetensors files: {@code mean/NAME} float32 for each tensor, and float64
 * for each layer, by the name of its weight tensor, {@code full/NAME} [size, size], {@code
 * inputs/NAME} [columns, columns] and {@code outputs/NAME} [outputs, outputs], or {@code
 * diagonal/NAME} [size]. Metadata {@code layer.N.*} say what layer N is and its prior precision,
 * and have a checksum of their own.
 */
public final class LaplaceFiles {
  static final String KIND = "laplace-posterior";
  private static final String MEAN = "mean/";
  private static final int CHUNK = 1 << 13;

  private LaplaceFiles() {}

  /**
   * Writes a posterior of which nothing more is known.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @throws IOException if writing fails
   */
  public static void write(Path file, LaplacePosterior posterior) throws IOException {
    write(file, posterior, Provenance.unknown());
  }

  /**
   * Writes a posterior.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @param provenance where it comes from
   * @throws IOException if writing fails
   */
  public static void write(Path file, LaplacePosterior posterior, Provenance provenance)
      throws IOException {
    WeightLayout layout = posterior.layout();
    SafeTensorsWriter writer = SafeTensorsWriter.of(KIND, layout);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("rows", Long.toString(posterior.rows()));
    facts.put("log_likelihood", Double.toString(posterior.logLikelihood()));
    facts.put("temperature", Double.toString(posterior.temperature()));
    facts.put("precision", "curvature / temperature + prior_precision");
    facts.put("sampler", LaplacePosterior.SAMPLER);
    facts.put("layers", Integer.toString(posterior.layers().size()));
    for (int l = 0; l < posterior.layers().size(); l++) {
      addLayer(writer, facts, l, posterior.layers().get(l), posterior.priorPrecisions()[l]);
    }
    facts.putAll(provenance.toMetadata());
    facts.forEach(writer::metadata);
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      writer.tensor(MEAN + tensor.name(), tensor.shape(), List.of(posterior.mean().values(t)));
    }
    writer.write(file);
  }

  private static void addLayer(
      SafeTensorsWriter writer,
      Map<String, String> facts,
      int index,
      LayerCurvature curvature,
      double prior) {
    LaplaceLayer layer = curvature.layer();
    String prefix = "layer." + index + ".";
    facts.put(prefix + "name", layer.name());
    facts.put(prefix + "weight", layer.weight());
    facts.put(prefix + "outputs", Integer.toString(layer.outputs()));
    facts.put(prefix + "inputs", Integer.toString(layer.inputs()));
    facts.put(prefix + "prior_precision", Double.toString(prior));
    if (layer.bias() != null) {
      facts.put(prefix + "bias", layer.bias());
    }
    String name = "/" + layer.weight();
    if (curvature instanceof FullCurvature full) {
      facts.put(prefix + "structure", Structure.FULL.name());
      addSquare(writer, "full" + name, layer.size(), full.matrix());
    } else if (curvature instanceof KroneckerCurvature kronecker) {
      facts.put(prefix + "structure", Structure.KRONECKER.name());
      addSquare(writer, "inputs" + name, layer.columns(), kronecker.inputs());
      addSquare(writer, "outputs" + name, layer.outputs(), kronecker.outputs());
    } else if (curvature instanceof DiagonalCurvature diagonal) {
      facts.put(prefix + "structure", Structure.DIAGONAL.name());
      addDoubles(writer, "diagonal" + name, List.of((long) layer.size()), diagonal.diagonal());
    }
  }

  private static void addSquare(SafeTensorsWriter writer, String name, long n, double[] values) {
    addDoubles(writer, name, List.of(n, n), values);
  }

  private static void addDoubles(
      SafeTensorsWriter writer, String name, List<Long> shape, double[] values) {
    writer.tensor(
        new StoredTensor(name, TensorType.F64, shape),
        sink -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.clear();
            bytes.asDoubleBuffer().put(values, from, count);
            sink.write(bytes.limit(count * Double.BYTES));
          }
        });
  }

  /**
   * Where a posterior comes from.
   *
   * @param file the file, of which the header alone is read
   * @return what it says, perhaps nothing
   * @throws WeightFormatException if the header is damaged or of another kind
   * @throws IOException if reading fails
   */
  public static Provenance provenance(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.openHeader(file)) {
      requireKind(opened);
      return Provenance.of(opened);
    }
  }

  private static void requireKind(SafeTensors opened) throws WeightFormatException {
    String kind = opened.metadata().get("kind");
    if (!KIND.equals(kind)) {
      throw new WeightFormatException(
          opened.file(),
          "metadata kind must be " + KIND + ", got " + kind + ": it holds no Laplace posterior");
    }
  }

  /**
   * Reads a posterior.
   *
   * @param file the file
   * @param layout the model's weights
   * @return the posterior; it draws the samples the written one drew, bit for bit
   * @throws WeightFormatException if the file is damaged, of another kind, model or sampler, or
   *     holds what is no posterior
   * @throws IOException if reading fails
   */
  public static LaplacePosterior read(Path file, WeightLayout layout) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.requireKind(KIND, layout);
      // What has none was not written here, and its numbers could have changed without a word.
      opened.requireMetadata(SafeTensorsWriter.HEADER_CHECKSUM);
      String sampler = opened.requireMetadata("sampler");
      if (!sampler.equals(LaplacePosterior.SAMPLER)) {
        throw new WeightFormatException(
            file,
            "sampler must be "
                + LaplacePosterior.SAMPLER
                + ", got "
                + sampler
                + ": the file comes from a newer version, use that one");
      }
      try {
        return read(opened, layout);
      } catch (IllegalArgumentException e) {
        throw new WeightFormatException(file, "the posterior is not valid: " + e.getMessage());
      }
    }
  }

  private static LaplacePosterior read(SafeTensors opened, WeightLayout layout) throws IOException {
    int count = Integer.parseInt(opened.requireMetadata("layers"));
    if (count < 1 || count > layout.tensors().size()) {
      throw new IllegalArgumentException(
          "layers must be between 1 and the " + layout.tensors().size() + " tensors, got " + count);
    }
    float[][] mean = new float[layout.tensors().size()][];
    for (int t = 0; t < mean.length; t++) {
      String name = MEAN + layout.tensor(t).name();
      opened.requireShape(name, layout.tensor(t).shape());
      mean[t] = opened.readFiniteFloats(name);
    }
    double[] priors = new double[count];
    List<LaplaceLayer> layers = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      layers.add(layer(opened, "layer." + l + ".", layout));
      priors[l] = Double.parseDouble(opened.requireMetadata("layer." + l + ".prior_precision"));
    }
    List<LayerCurvature> curvatures = new ArrayList<>();
    for (int l = 0; l < count; l++) {
      curvatures.add(
          curvature(opened, layers.get(l), opened.requireMetadata("layer." + l + ".structure")));
    }
    return LaplacePosterior.of(
            Weights.adopt(layout, mean),
            curvatures,
            Double.parseDouble(opened.requireMetadata("log_likelihood")),
            Long.parseLong(opened.requireMetadata("rows")))
        .withTemperature(Double.parseDouble(opened.requireMetadata("temperature")))
        .withPriorPrecisions(priors);
  }

  private static LaplaceLayer layer(SafeTensors opened, String prefix, WeightLayout layout)
      throws IOException {
    LaplaceLayer layer =
        new LaplaceLayer(
            opened.requireMetadata(prefix + "name"),
            opened.requireMetadata(prefix + "weight"),
            opened.metadata().get(prefix + "bias"),
            Integer.parseInt(opened.requireMetadata(prefix + "outputs")),
            Integer.parseInt(opened.requireMetadata(prefix + "inputs")));
    layer.requireIn(layout);
    return layer;
  }

  private static LayerCurvature curvature(SafeTensors opened, LaplaceLayer layer, String structure)
      throws IOException {
    String name = "/" + layer.weight();
    switch (Structure.valueOf(structure)) {
      case FULL -> {
        FullCurvature.requireFits(layer);
        return FullCurvature.of(layer, square(opened, "full" + name, layer.size()));
      }
      case KRONECKER -> {
        KroneckerCurvature.requireFits(layer);
        return KroneckerCurvature.of(
            layer,
            square(opened, "inputs" + name, layer.columns()),
            square(opened, "outputs" + name, layer.outputs()));
      }
      default -> {
        return DiagonalCurvature.of(
            layer, doubles(opened, "diagonal" + name, List.of((long) layer.size())));
      }
    }
  }

  private static double[] square(SafeTensors opened, String name, long n) throws IOException {
    return doubles(opened, name, List.of(n, n));
  }

  private static double[] doubles(SafeTensors opened, String name, List<Long> shape)
      throws IOException {
    opened.requireShape(name, shape);
    StoredTensor tensor = opened.entries().get(name);
    if (tensor.type() != TensorType.F64) {
      throw new WeightFormatException(
          opened.file(), "tensor " + name + " must be F64, got " + tensor.type());
    }
    double[] values = new double[Math.toIntExact(tensor.size())];
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.clear().limit(count * Double.BYTES);
      opened.read(tensor, from, bytes);
      bytes.flip();
      bytes.asDoubleBuffer().get(values, from, count);
    }
    return values;
  }
}

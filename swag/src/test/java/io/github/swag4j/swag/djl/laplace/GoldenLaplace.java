package io.github.swag4j.swag.djl.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The network, data and values of {@code make_laplace_golden.py}. */
final class GoldenLaplace {
  private static final List<String> ORDER =
      List.of(
          "conv1.weight",
          "conv1.bias",
          "bn.weight",
          "bn.bias",
          "bn.running_mean",
          "bn.running_var",
          "conv2.weight",
          "hidden.weight",
          "hidden.bias",
          "head.weight",
          "head.bias");

  private final JsonObject json;

  GoldenLaplace() {
    try (Reader reader =
        new InputStreamReader(
            LaplacePosterior.class.getResourceAsStream("golden/laplace.json"),
            StandardCharsets.UTF_8)) {
      json = JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The network with the golden weights. */
  SequentialBlock network(NDManager manager) {
    SequentialBlock block =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 2))
                    .setFilters(3)
                    .optPadding(new Shape(1, 0))
                    .build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 3))
                    .setFilters(4)
                    .optStride(new Shape(2, 2))
                    .optPadding(new Shape(1, 1))
                    .optBias(false)
                    .build())
            .add(Activation::tanh)
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(5).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 5, 5));
    ModelWeights all = ModelWeights.of(block, Selection.all());
    float[][] values = new float[ORDER.size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = floats(json.getAsJsonObject("state").getAsJsonObject(ORDER.get(t)).get("values"));
    }
    all.write(Weights.of(all.layout(), values));
    return block;
  }

  /** Training rows in batches of five, the last one smaller. */
  InputBatches train() {
    return batches("inputs", 5);
  }

  InputBatches test() {
    return batches("test", 4);
  }

  private InputBatches batches(String name, int size) {
    float[] values = floats(json.get(name));
    int rows = values.length / 50;
    return (manager, consumer) -> {
      for (int from = 0; from < rows; from += size) {
        int count = Math.min(size, rows - from);
        try (NDManager own = manager.newSubManager()) {
          float[] part = new float[count * 50];
          System.arraycopy(values, from * 50, part, 0, part.length);
          NDArray batch = own.create(part, new Shape(count, 2, 5, 5));
          consumer.accept(new NDList(batch));
        }
      }
    };
  }

  int[] labels() {
    double[] values = doubles(json.get("labels"));
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return labels;
  }

  double number(String name) {
    return json.get(name).getAsDouble();
  }

  JsonObject group(String name) {
    return json.getAsJsonObject(name);
  }

  static double[] doubles(JsonElement element) {
    JsonArray array = element.getAsJsonArray();
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).getAsDouble();
    }
    return values;
  }

  private static float[] floats(JsonElement element) {
    double[] values = doubles(element);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Within 1e-5 of the largest value, as float32 models go. */
  static void requireClose(double[] actual, JsonElement golden, String what) {
    double[] expected = doubles(golden);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as(what + " at " + i).isCloseTo(expected[i], within(1e-5 * largest));
    }
  }

  /** Marginal likelihoods under several priors and temperatures, and the best prior. */
  static void requireEvidence(LaplacePosterior posterior, JsonElement golden) {
    JsonObject evidence = golden.getAsJsonObject();
    for (JsonElement element : evidence.getAsJsonArray("cases")) {
      JsonObject one = element.getAsJsonObject();
      double expected = one.get("value").getAsDouble();
      double actual =
          posterior
              .withPriorPrecision(one.get("prior").getAsDouble())
              .withTemperature(one.get("temperature").getAsDouble())
              .logMarginalLikelihood();
      assertThat(actual).as(one.toString()).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
    }
    double best = evidence.get("optimum").getAsDouble();
    assertThat(posterior.optimisePriorPrecision().priorPrecisions()[0])
        .as("optimum")
        .isCloseTo(best, within(1e-5 * best));
  }
}

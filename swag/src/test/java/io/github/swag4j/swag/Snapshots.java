package io.github.swag4j.swag;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The snapshots of {@code covariance.json}; see {@code src/test/python/make_golden.py}. */
final class Snapshots {
  static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("b", Role.BIAS, List.of(3L)),
              new Tensor("c", Role.BIAS, List.of(1L))));
  static final JsonObject GOLDEN = read();

  private Snapshots() {}

  private static JsonObject read() {
    try (Reader reader =
        new InputStreamReader(
            Snapshots.class.getResourceAsStream("golden/covariance.json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static SwagPosterior posterior(SwagPosterior.Options options) {
    return posterior(options, Accumulation.COMPENSATED);
  }

  static SwagPosterior posterior(SwagPosterior.Options options, Accumulation accumulation) {
    return posterior(new SwagCollector(AveragingPlan.epochs(), options, accumulation));
  }

  /** What a collector that is empty yet makes of them. */
  static SwagPosterior posterior(SwagCollector collector) {
    for (JsonElement snapshot : GOLDEN.getAsJsonArray("snapshots")) {
      collector.collect(weights(snapshot.getAsJsonArray()));
    }
    return collector.posterior();
  }

  static SwagPosterior posterior() {
    return posterior(SwagPosterior.Options.defaults().withRank(4));
  }

  static Weights weights(JsonArray flat) {
    float[][] values = {new float[6], new float[3], new float[1]};
    int at = 0;
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = flat.get(at++).getAsFloat();
      }
    }
    return Weights.of(LAYOUT, values);
  }

  static double[] flat(Weights weights) {
    double[] out = new double[10];
    int at = 0;
    for (int t = 0; t < 3; t++) {
      for (float v : weights.toArray(t)) {
        out[at++] = v;
      }
    }
    return out;
  }

  static double[] doubles(JsonArray array) {
    double[] out = new double[array.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = array.get(i).getAsDouble();
    }
    return out;
  }
}

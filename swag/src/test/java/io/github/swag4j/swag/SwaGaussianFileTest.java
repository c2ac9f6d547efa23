package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swag.io.SwaGaussianFile;
import io.github.swag4j.swag.io.SwaGaussianOptions;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State dicts that {@code src/test/python/make_swa_gaussian.py} made with the class itself. */
class SwaGaussianFileTest {
  private static final JsonObject EXPECTED = expected();

  @TempDir private Path folder;

  private static JsonObject expected() {
    try (Reader reader = Files.newBufferedReader(file("expected.json"))) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path file(String name) {
    try {
      return Path.of(SwaGaussianFileTest.class.getResource("swa_gaussian/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void momentsAreThoseThatTheClassHolds() throws IOException {
    requireMoments("full", SwaGaussianFile.read(file("full.pt")));
    requireMoments("diagonal", SwaGaussianFile.read(file("diagonal.pt")));
    requireMoments(
        "early",
        SwaGaussianFile.read(file("early.pt"), SwaGaussianOptions.defaults().withMaxModels(5)));
  }

  private static void requireMoments(String name, SwaGaussianFile read) {
    JsonObject expected = EXPECTED.getAsJsonObject(name);
    SwagPosterior posterior = read.posterior();
    assertThat(posterior.count()).isEqualTo(expected.get("n_models").getAsLong());
    JsonArray parameters = expected.getAsJsonArray("parameters");
    assertThat(posterior.layout().tensors()).hasSize(parameters.size());
    for (int t = 0; t < parameters.size(); t++) {
      JsonObject parameter = parameters.get(t).getAsJsonObject();
      assertThat(posterior.layout().tensor(t).name())
          .isEqualTo(parameter.get("name").getAsString());
      requireClose(posterior.mean().values(t), parameter, "mean", 1e-7);
      requireClose(posterior.variance().values(t), parameter, "variance", 1e-7);
      if (parameter.has("marginal")) {
        requireClose(FloatBuffer.wrap(marginal(posterior, t)), parameter, "marginal", 1e-6);
      }
    }
  }

  private static void requireClose(FloatBuffer got, JsonObject of, String key, double relative) {
    double[] expected = new Gson().fromJson(of.get(key), double[].class);
    assertThat(got.limit()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) got.get(i))
          .as(of.get("name") + " " + key)
          .isCloseTo(expected[i], within(relative * Math.abs(expected[i])));
    }
  }

  /** Variance of each weight of a sample: scale (variance + sum of squares / (K - 1)). */
  private static float[] marginal(SwagPosterior posterior, int tensor) {
    float[] out = posterior.variance().toArray(tensor);
    int columns = posterior.deviations().size();
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int k = 0; k < columns; k++) {
        double d = posterior.deviations().get(k).values(tensor).get(i);
        sum += d * d;
      }
      out[i] = (float) (posterior.scale() * (out[i] + sum / (columns - 1)));
    }
    return out;
  }

  /** 20,000 draws by the class: their variances have a relative standard error of 1 %. */
  @Test
  void samplesAreSpreadAsTheClassDrawsThem() throws IOException {
    requireSpread("full", SwaGaussianOptions.defaults());
    requireSpread("early", SwaGaussianOptions.defaults().withMaxModels(5));
  }

  private static void requireSpread(String name, SwaGaussianOptions options) throws IOException {
    SwagPosterior posterior = SwaGaussianFile.read(file(name + ".pt"), options).posterior();
    double[][] drawn =
        new Gson().fromJson(EXPECTED.getAsJsonObject(name).get("drawn_variance"), double[][].class);
    for (int t = 0; t < drawn.length; t++) {
      float[] ours = marginal(posterior, t);
      for (int i = 0; i < ours.length; i++) {
        assertThat((double) ours[i]).isCloseTo(drawn[t][i], within(0.05 * drawn[t][i]));
      }
    }
  }

  @Test
  void aFileSaysWhatItAssumed() throws IOException {
    assertThat(SwaGaussianFile.read(file("full.pt")).assumptions())
        .containsExactly(
            "order: as in the state dict, which is that of the network's named_parameters()",
            "deviations: 4 from the running mean, divided by the root of max_num_models - 1 = 3",
            "variance: sq_mean - mean^2 in float64, at least var_clamp 1.0E-30; of 49 weights 0"
                + " were clamped, and 0 are below the rounding of sq_mean, which tells nothing of"
                + " their spread",
            "scale: 0.5, as in the paper; the state dict has none, and the class's sample() takes"
                + " 1.0",
            "batch norm: 3 statistics left out, they are of the weights that were drawn last:"
                + " refresh",
            "samples: of this distribution, by this library's sampler, not torch's numbers");
    SwaGaussianFile diagonal =
        SwaGaussianFile.read(file("full.pt"), SwaGaussianOptions.defaults().asDiagonal());
    assertThat(diagonal.posterior().scale()).isEqualTo(1);
    assertThat(diagonal.assumptions()).contains("deviations: none, left out as asked");
  }

  @Test
  void rolesAreToldFromNamesAndBatchNormBesideThem() throws IOException {
    WeightLayout layout = SwaGaussianFile.read(file("full.pt")).posterior().layout();
    assertThat(layout.tensors().stream().map(t -> t.name() + " " + t.role()))
        .containsExactly(
            "features.0.conv.weight WEIGHT",
            "features.0.bn.weight SCALE",
            "features.0.bn.bias SHIFT",
            "head.weight WEIGHT",
            "head.bias BIAS");
  }

  /** In float32 the square mean of 1 +- 1e-4 is known to 6e-8, its variance is 1e-8. */
  @Test
  void variancesThatCancelledAreCounted() throws IOException {
    SwaGaussianFile read = SwaGaussianFile.read(file("cancelled.pt"));
    long theirs = EXPECTED.getAsJsonObject("cancelled").get("clamped_float32").getAsLong();
    assertThat(theirs).isGreaterThan(10);
    assertThat(read.clamped()).isBetween(theirs / 2, theirs);
    assertThat(read.clamped() + read.uncertain()).isGreaterThan(45);
    assertThat(read.assumptions().get(2)).contains("of 49 weights " + read.clamped() + " were");
  }

  @Test
  void maxNumModelsThatTheNumbersDoNotTellMustBeNamed() {
    assertThatThrownBy(() -> SwaGaussianFile.read(file("early.pt")))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("n_models is 3 and there are as many deviations")
        .hasMessageContaining("withMaxModels(3) to divide by what there is");
    assertThatThrownBy(
            () ->
                SwaGaussianFile.read(
                    file("full.pt"), SwaGaussianOptions.defaults().withMaxModels(20)))
        .hasMessageContaining(
            "max_num_models must be 4, since 4 deviations of 6 models are there, got 20");
    assertThatThrownBy(
            () ->
                SwaGaussianFile.read(
                    file("early.pt"), SwaGaussianOptions.defaults().withMaxModels(2)))
        .hasMessageContaining("max_num_models must be 3 or more");
  }

  @Test
  void aFileOfSafetensorsIsTheSameAndMappedByNameOnly() throws IOException {
    SwaGaussianFile sorted = SwaGaussianFile.read(file("full.safetensors"));
    SwagPosterior expected = SwaGaussianFile.read(file("full.pt")).posterior();
    SwagPosterior mapped = sorted.posterior(expected.layout(), name -> name);
    assertThat(mapped.mean()).isEqualTo(expected.mean());
    assertThat(mapped.variance()).isEqualTo(expected.variance());
    assertThat(mapped.deviations()).isEqualTo(expected.deviations());
    assertThat(sorted.assumptions().get(0)).contains("whose writer sorts names");
    assertThatThrownBy(() -> sorted.posterior(expected.layout()))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("map by name, or take the .pt file");
  }

  @Test
  void theStateDictIsMappedToAModelByOrderOrByName() throws IOException {
    SwaGaussianFile read = SwaGaussianFile.read(file("full.pt"));
    List<Tensor> renamed = new ArrayList<>();
    for (Tensor tensor : read.posterior().layout().tensors()) {
      renamed.add(new Tensor("my." + tensor.name(), Role.OTHER, tensor.shape()));
    }
    WeightLayout model = WeightLayout.of(renamed);
    SwagPosterior byOrder = read.posterior(model);
    assertThat(byOrder.layout()).isEqualTo(model);
    assertThat(byOrder.deviations().get(3).toArray(3))
        .isEqualTo(read.posterior().deviations().get(3).toArray(3));
    Collections.reverse(renamed);
    SwagPosterior byName = read.posterior(WeightLayout.of(renamed), name -> name.substring(3));
    assertThat(byName.variance().toArray(0)).isEqualTo(byOrder.variance().toArray(4));
    assertThatThrownBy(() -> read.posterior(WeightLayout.of(renamed)))
        .hasMessageContaining("parameter 0 must have the shape of the model's")
        .hasMessageContaining("got features.0.conv.weight [2, 1, 3, 3]");
    assertThatThrownBy(() -> read.posterior(model, name -> "head.bias"))
        .hasMessageContaining("must have a parameter of its own and of its shape, head.bias is");
    renamed.remove(0);
    assertThatThrownBy(() -> read.posterior(WeightLayout.of(renamed), n -> n.substring(3)))
        .hasMessageContaining("parameters must all be in the model, not [head.bias]");
  }

  @Test
  void aSwagWithinAModuleIsFoundAndOneOfTwoMustBeNamed() throws IOException {
    Path one = copied("one.safetensors", "module.swag.");
    assertThat(SwaGaussianFile.read(one).posterior().mean().toArray(0))
        .isEqualTo(SwaGaussianFile.read(file("full.safetensors")).posterior().mean().toArray(0));
    Path two = copied("two.safetensors", "a.", "b.");
    assertThatThrownBy(() -> SwaGaussianFile.read(two))
        .hasMessageContaining("must have one SWAG, got [a.n_models, b.n_models]: name one with")
        .hasMessageContaining("withPrefix");
    SwaGaussianFile second =
        SwaGaussianFile.read(two, SwaGaussianOptions.defaults().withPrefix("b."));
    assertThat(second.assumptions())
        .anyMatch(line -> line.startsWith("left out: a.n_models, a.base."));
  }

  private Path copied(String name, String... prefixes) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Path file = folder.resolve(name);
    try (TensorFile from = WeightFiles.open(file("full.safetensors"))) {
      for (String prefix : prefixes) {
        for (StoredTensor tensor : from.entries().values()) {
          writer.tensor(
              new StoredTensor(prefix + tensor.name(), tensor.type(), tensor.shape()),
              sink -> {
                ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteSize());
                from.read(tensor, 0, bytes);
                sink.write(bytes.flip());
              });
        }
      }
      writer.write(file);
    }
    return file;
  }

  /** Classes made after it name buffers as it does, but keep no copy of the network in base. */
  @Test
  void parametersWithoutBaseAreReadAndThatIsSaid() throws IOException {
    Entry mean = new Entry("layer.weight_mean", 1, 2);
    Entry square = new Entry("layer.weight_sq_mean", 1.5f, 4.5f);
    SwaGaussianFile read = SwaGaussianFile.read(written(models(4), mean, square));
    assertThat(read.posterior().layout().tensor(0).name()).isEqualTo("layer.weight");
    assertThat(read.posterior().variance().toArray(0)).containsExactly(0.5f, 0.5f);
    assertThat(read.assumptions().get(0)).contains("without the base. of swa_gaussian's class");
    assertThat(SwaGaussianFile.read(file("diagonal.pt")).assumptions().get(0))
        .doesNotContain("base.");
  }

  @Test
  void whatIsNoSwagIsRefused() throws IOException {
    requireRefused("it has no n_models", new Entry("base.w_mean", 1, 2));
    requireRefused("n_models must be at least 2, got 1", models(1), mean("w"), square("w"));
    requireRefused(
        "PARAMETER_mean and PARAMETER_sq_mean, it has none", models(4), new Entry("w", 1));
    requireRefused(
        "tensor base.w_sq_mean must have its _mean beside it",
        models(4),
        mean("v"),
        square("v"),
        square("w"));
    requireRefused(
        "tensor base.w_sq_mean is the mean of one parameter and the square mean of another",
        models(4),
        mean("w"),
        square("w"),
        new Entry("base.w_sq_sq_mean", 9, 9));
    requireRefused(
        "tensor base.w_mean must be finite, got NaN at 1",
        models(4),
        new Entry("base.w_mean", 1, Float.NaN),
        square("w"));
    requireRefused(
        "must be of real numbers and shape [K, 2]",
        models(4),
        mean("w"),
        square("w"),
        new Entry("base.w_cov_mat_sqrt", 1, 2, 3));
    requireRefused(
        "all parameters must have as many deviations",
        models(4),
        mean("v"),
        square("v"),
        mean("w"),
        square("w"),
        root("w", 3));
    requireRefused("at most n_models 4, got 5", models(4), mean("w"), square("w"), root("w", 5));
    requireRefused("divides by the root of 0", models(4), mean("w"), square("w"), root("w", 1));
  }

  /** A parameter called so is none of the others, though its buffers' names look alike. */
  @Test
  void aParameterWhoseNameEndsInSqIsNotTakenForAnother() throws IOException {
    Path file = written(models(4), new Entry("base.w_sq_mean", 1, 2), square("w_sq"));
    assertThat(SwaGaussianFile.read(file).posterior().layout().tensor(0).name()).isEqualTo("w_sq");
  }

  private record Entry(String name, float... values) {}

  private static Entry models(int count) {
    return new Entry("n_models", count);
  }

  private static Entry mean(String name) {
    return new Entry("base." + name + "_mean", 1, 2);
  }

  private static Entry square(String name) {
    return new Entry("base." + name + "_sq_mean", 2, 5);
  }

  private static Entry root(String name, int rows) {
    return new Entry("base." + name + "_cov_mat_sqrt", new float[2 * rows]);
  }

  private Path written(Entry... entries) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    for (Entry entry : entries) {
      long size = entry.values().length;
      if (entry.name().equals("n_models")) {
        writer.tensor(
            new StoredTensor("n_models", TensorType.I64, List.of(1L)),
            sink ->
                sink.write(
                    ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong((long) entry.values()[0])
                        .flip()));
      } else {
        List<Long> shape =
            entry.name().endsWith("sqrt") && size % 2 == 0 ? List.of(size / 2, 2L) : List.of(size);
        writer.tensor(entry.name(), shape, List.of(FloatBuffer.wrap(entry.values())));
      }
    }
    Path file = folder.resolve("written.safetensors");
    writer.write(file);
    return file;
  }

  private void requireRefused(String message, Entry... entries) throws IOException {
    Path file = written(entries);
    assertThatThrownBy(() -> SwaGaussianFile.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(message);
  }
}

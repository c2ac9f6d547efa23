package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosteriorFilesTest {
  @TempDir private Path folder;

  @Test
  void aPosteriorReadBackDrawsTheSameSamples() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    SwagPosterior posterior = Snapshots.posterior().withScale(0.3);
    PosteriorFiles.write(file, posterior);
    SwagPosterior read = PosteriorFiles.read(file, Snapshots.LAYOUT);
    assertThat(read.sample(7, 5)).isEqualTo(posterior.sample(7, 5));
    assertThat(read.count()).isEqualTo(posterior.count());
    assertThat(read.options()).isEqualTo(posterior.options());
    assertThat(read.scale()).isEqualTo(0.3);
    assertThat(read.logDensity(read.mean())).isEqualTo(posterior.logDensity(posterior.mean()));
  }

  @Test
  void aDiagonalPosteriorIsReadBackToo() throws IOException {
    Path file = folder.resolve("diagonal.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior().diagonal());
    SwagPosterior read = PosteriorFiles.read(file, Snapshots.LAYOUT);
    assertThat(read.deviations()).isEmpty();
    assertThat(read.sample(7, 5)).isEqualTo(Snapshots.posterior().diagonal().sample(7, 5));
  }

  /** A file does not say whether somebody chose its scale, so the number decides. */
  @Test
  void aPartOfAPosteriorOfAFileHasTheScaleOfThatPart() throws IOException {
    Path file = folder.resolve("scales.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior());
    assertThat(PosteriorFiles.read(file).diagonal().scale()).isEqualTo(1);
    PosteriorFiles.write(file, Snapshots.posterior().withScale(0.3));
    assertThat(PosteriorFiles.read(file).diagonal().scale()).isEqualTo(0.3);
  }

  @Test
  void theFileSaysHowToSample() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior());
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.metadata())
          .containsEntry("format", "2")
          .containsEntry("roles", "WEIGHT,BIAS,BIAS")
          .containsKey("header_checksum")
          .containsEntry("kind", "swag-posterior")
          .containsEntry("count", "8")
          .containsEntry("rank", "4")
          .containsEntry("columns", "4")
          .containsEntry("scale", "0.5")
          .containsEntry("sampler", "threefry4x32-20/table-v2")
          .containsEntry("layout", Snapshots.LAYOUT.hash());
      assertThat(opened.entries().get("deviations/a").shape()).isEqualTo(List.of(4L, 2L, 3L));
    }
  }

  /** The bytes that {@code swa-core/src/test/python/check_java_files.py} opens. */
  @Test
  void posteriorsAreWrittenAsTheBytesThatPythonOpens() throws Exception {
    SwagPosterior posterior =
        Snapshots.posterior(SwagPosterior.Options.defaults().withRank(4), Accumulation.FLOAT32)
            .withSampler(Sampler.PHILOX_V1);
    requireGolden("java-posterior.safetensors", posterior);
    requireGolden("java-diagonal.safetensors", posterior.diagonal());
  }

  private static SwagPosterior collected(DeviationStorage storage) {
    SwagPosterior.Options options = SwagPosterior.Options.defaults().withRank(4);
    return Snapshots.posterior(
            new SwagCollector(AveragingPlan.epochs(), options, Accumulation.FLOAT32, storage))
        .withSampler(Sampler.PHILOX_V1);
  }

  /** A file that was float32 in spite of them took twice the room of what was collected. */
  @Test
  void deviationsOfBfloat16AreStoredAsSuchAndDrawTheSameBits() throws Exception {
    SwagPosterior posterior = collected(DeviationStorage.heap().asBfloat16());
    requireGolden("java-bfloat16.safetensors", posterior);
    Path file = Path.of("target", "java-bfloat16.safetensors");
    PosteriorFile opened = PosteriorFiles.open(file);
    assertThat(opened.hasBfloat16Deviations()).isTrue();
    assertThat(opened.deviations()).isEqualTo(posterior.deviations());
    for (SwagPosterior read :
        List.of(PosteriorFiles.read(file), PosteriorFiles.read(file, Snapshots.LAYOUT))) {
      for (int index = 0; index < 3; index++) {
        assertThat(read.sample(7, index)).isEqualTo(posterior.sample(7, index));
      }
      assertThat(read.logDensity(posterior.sample(7, 0)))
          .isEqualTo(posterior.logDensity(posterior.sample(7, 0)));
    }
    Path again = folder.resolve("again.safetensors");
    PosteriorFiles.write(again, PosteriorFiles.read(file, Snapshots.LAYOUT));
    assertThat(again).hasSameBinaryContentAs(file);
    Path wide = folder.resolve("wide.safetensors");
    PosteriorFiles.write(wide, collected(DeviationStorage.heap()));
    long weights = Snapshots.LAYOUT.size();
    assertThat(values(wide) - values(file)).isEqualTo(4 * 2 * weights);
    assertThat(PosteriorFiles.open(wide).hasBfloat16Deviations()).isFalse();
  }

  /** Bytes of all tensors. */
  private static long values(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      return opened.entries().values().stream().mapToLong(StoredTensor::byteSize).sum();
    }
  }

  @Test
  void deviationsOfTwoTypesAreRefused() throws IOException {
    Path file = folder.resolve("halves.safetensors");
    PosteriorFiles.write(file, collected(DeviationStorage.heap().asBfloat16()));
    Path mixed = folder.resolve("mixed.safetensors");
    try (SafeTensors opened = SafeTensors.open(file)) {
      SafeTensorsWriter writer = SafeTensorsWriter.of("swag-posterior");
      opened.metadata().entrySet().stream()
          .filter(e -> !e.getKey().contains("checksum"))
          .forEach(e -> writer.metadata(e.getKey(), e.getValue()));
      for (StoredTensor tensor : opened.entries().values()) {
        if (tensor.name().equals("deviations/b")) {
          writer.tensor(
              tensor.name(), tensor.shape(), List.of(FloatBuffer.allocate((int) tensor.size())));
        } else {
          ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteSize());
          opened.read(tensor, 0, bytes);
          writer.tensor(tensor, sink -> sink.write(bytes.flip()));
        }
      }
      writer.write(mixed);
    }
    assertThatThrownBy(() -> PosteriorFiles.read(mixed))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("deviations/b must be BF16 as other deviations are, got F32");
  }

  private static void requireGolden(String name, SwagPosterior posterior) throws Exception {
    Path file = Path.of("target", name);
    PosteriorFiles.write(file, posterior);
    Path golden = Path.of(PosteriorFilesTest.class.getResource("golden/" + name).toURI());
    assertThat(file).hasSameBinaryContentAs(golden);
  }

  /** Written and drawn by the program that wrote format 1, before there was another. */
  @Test
  void filesOfFormat1DrawWhatTheyAlwaysDrew() throws Exception {
    JsonObject samples;
    try (Reader reader = Files.newBufferedReader(v1("samples.json"))) {
      samples = JsonParser.parseReader(reader).getAsJsonObject();
    }
    assertThat(samples.keySet()).hasSize(5);
    for (String name : samples.keySet()) {
      PosteriorFile opened = PosteriorFiles.open(v1(name + ".safetensors"));
      assertThat(opened.version()).isEqualTo(1);
      assertThat(opened.provenance().facts()).isEmpty();
      assertThat(opened.statistics()).isEmpty();
      for (SwagPosterior read :
          List.of(
              PosteriorFiles.read(opened.path()),
              PosteriorFiles.read(opened.path(), Snapshots.LAYOUT))) {
        assertThat(read.sampler().id()).as(name).startsWith(name.split("-", -1)[0]);
        Weights sample = read.sample(7, 5);
        for (int t = 0; t < 3; t++) {
          assertThat(sample.toArray(t))
              .as(name)
              .isEqualTo(new Gson().fromJson(samples.getAsJsonArray(name).get(t), float[].class));
        }
      }
    }
  }

  @Test
  void aFileOfTheFirstSamplerGivesMeanVarianceAndDeviations() throws Exception {
    PosteriorFile old = PosteriorFiles.open(v1("philox.safetensors")).verify();
    SwagPosterior now =
        Snapshots.posterior(SwagPosterior.Options.defaults().withRank(4), Accumulation.FLOAT32);
    assertThat(old.mean()).isEqualTo(now.mean());
    assertThat(old.variance()).isEqualTo(now.variance());
    assertThat(old.deviations()).isEqualTo(now.deviations());
    assertThat(old.layout().tensor(0).role()).isEqualTo(Role.OTHER);
  }

  private static Path v1(String name) throws Exception {
    return Path.of(PosteriorFilesTest.class.getResource("golden/v1/" + name).toURI());
  }

  @Test
  void aFileOfAnUnknownSamplerIsRefusedWithThoseThatAreKnown() {
    assertThatThrownBy(() -> Sampler.named("mine-v9"))
        .hasMessage(
            "sampler must be one of philox4x32-10/as241-v1, threefry4x32-20/table-v2, got mine-v9:"
                + " the file comes from a newer version, use that one");
  }

  @Test
  void filesOfAnotherKindOrModelAreRefused() throws IOException {
    Path weights = folder.resolve("weights.safetensors");
    WeightFiles.write(weights, "average", Snapshots.posterior().mean(), Map.of());
    assertThatThrownBy(() -> PosteriorFiles.read(weights, Snapshots.LAYOUT))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("metadata kind must be swag-posterior, got average");
    Path posterior = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(posterior, Snapshots.posterior());
    WeightLayout other = WeightLayout.of(List.of(new Tensor("other", Role.WEIGHT, List.of(10L))));
    assertThatThrownBy(() -> PosteriorFiles.read(posterior, other))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("tensor 0 must be other [10], got a [2, 3]");
  }

  @Test
  void valuesNoPosteriorHasAreRefusedWithFileAndTensor() throws IOException {
    Weights fine = Snapshots.posterior().mean();
    Weights spoilt = withValue(fine, Float.NaN);
    Weights ones = Weights.of(Snapshots.LAYOUT, new float[][] {{1, 1, 1, 1, 1, 1}, {1, 1, 1}, {1}});
    requireRefused(spoilt, ones, List.of(), "tensor mean/b must be finite, got NaN at 2");
    requireRefused(
        fine, withValue(ones, Float.POSITIVE_INFINITY), List.of(), "tensor variance/b must be");
    requireRefused(
        fine,
        withValue(ones, -0.5f),
        List.of(),
        "tensor variance/b must be at least variance_floor 1.0E-30, got -0.5 at 2");
    requireRefused(
        fine,
        ones,
        List.of(fine, spoilt),
        "tensor deviations/b row 1 must be finite, got NaN at 2");
  }

  private static Weights withValue(Weights weights, float value) {
    float[] b = weights.toArray(1);
    b[2] = value;
    return Weights.of(Snapshots.LAYOUT, weights.toArray(0), b, weights.toArray(2));
  }

  private void requireRefused(
      Weights mean, Weights variance, List<Weights> deviations, String message) throws IOException {
    Path file = folder.resolve("spoilt.safetensors");
    write(file, mean, variance, deviations);
    assertThatThrownBy(() -> PosteriorFiles.read(file, Snapshots.LAYOUT))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("spoilt.safetensors: " + message);
  }

  /** What no posterior in memory can be made of, as another program might write it. */
  private static void write(Path file, Weights mean, Weights variance, List<Weights> deviations)
      throws IOException {
    SafeTensorsWriter writer =
        SafeTensorsWriter.of("swag-posterior", Snapshots.LAYOUT)
            .metadata("count", "8")
            .metadata("rank", "20")
            .metadata("columns", Integer.toString(deviations.size()))
            .metadata("centre", "RUNNING_MEAN")
            .metadata("variance_floor", "1.0E-30")
            .metadata("scale", "1.0")
            .metadata("sampler", Sampler.THREEFRY_V2.id());
    for (int t = 0; t < Snapshots.LAYOUT.tensors().size(); t++) {
      Tensor tensor = Snapshots.LAYOUT.tensor(t);
      int of = t;
      writer.tensor("mean/" + tensor.name(), tensor.shape(), List.of(mean.values(t)));
      writer.tensor("variance/" + tensor.name(), tensor.shape(), List.of(variance.values(t)));
      List<Long> shape = new ArrayList<>(List.of((long) deviations.size()));
      shape.addAll(tensor.shape());
      List<FloatBuffer> columns = deviations.stream().map(d -> d.values(of)).toList();
      writer.tensor("deviations/" + tensor.name(), shape, columns);
    }
    writer.write(file);
  }
}

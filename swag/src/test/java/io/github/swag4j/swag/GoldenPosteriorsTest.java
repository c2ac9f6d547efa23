package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SampleMode.Parts;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Committed files of format 2 with all that it can say, and of format 3, and {@code
 * java-samples.json} with the moments and samples they had when they were committed. This test
 * writes all of them to {@code target}: after a change of format or sampler that is meant, copy
 * them from there to the golden files.
 */
class GoldenPosteriorsTest {
  private static final String STATISTICS = "java-statistics.safetensors";
  private static final String DEVIATIONS = "java-deviations.safetensors";
  private static final String BFLOAT16 = "java-deviations-bfloat16.safetensors";
  private static final String SAMPLES = "java-samples.json";
  private static final long SEED = 7;
  private static final int COUNT = 4;

  private static final Provenance PROVENANCE =
      Provenance.unknown()
          .with(Provenance.PLAN, "after each epoch past 15")
          .with(Provenance.RATES, "0.05 to epoch 15, then \"0.01\" \u2026")
          .with(Provenance.DATA, "sha256 00ff")
          .with(Provenance.SEED, "42")
          .with(Provenance.METHOD, "swag")
          .with(Provenance.PROGRAM, "swag4j 0.2.0");

  private static final WeightLayout BATCH_NORM =
      WeightLayout.of(
          List.of(
              new Tensor("bn.mean", Role.RUNNING_MEAN, List.of(2L)),
              new Tensor("bn.variance", Role.RUNNING_VARIANCE, List.of(2L))));

  @BeforeAll
  static void write() throws IOException {
    Map<String, Object> samples = new LinkedHashMap<>();
    for (Map.Entry<String, SwagPosterior> e : posteriors().entrySet()) {
      Path file = Path.of("target", e.getKey());
      if (e.getKey().equals(BFLOAT16)) {
        PosteriorFiles.write(file, e.getValue());
      } else {
        PosteriorFiles.write(file, e.getValue(), PROVENANCE, statistics());
      }
      samples.put(e.getKey(), numbers(e.getValue()));
    }
    String text = new Gson().toJson(samples).replace("]],", "]],\n") + "\n";
    Files.writeString(Path.of("target", SAMPLES), text, StandardCharsets.UTF_8);
  }

  private static Map<String, SwagPosterior> posteriors() {
    SwagPosterior.Options options = SwagPosterior.Options.defaults().withRank(4);
    Map<String, SwagPosterior> out = new LinkedHashMap<>();
    out.put(
        STATISTICS,
        Snapshots.posterior(options)
            .withScale(0.3)
            .withBlockwise(true)
            .withAntitheticPairs(true)
            .withStochastic(t -> !t.name().equals("b")));
    out.put(
        DEVIATIONS,
        Snapshots.posterior(
                SwagCollector.withoutVariances(
                    AveragingPlan.epochs(),
                    options,
                    Accumulation.COMPENSATED,
                    DeviationStorage.heap()))
            .withScale(0.7)
            .withAntitheticPairs(true));
    out.put(
        BFLOAT16,
        Snapshots.posterior(
            SwagCollector.withoutVariances(
                AveragingPlan.epochs(),
                options,
                Accumulation.FLOAT32,
                DeviationStorage.heap().asBfloat16())));
    return out;
  }

  private static SampleStatistics statistics() {
    return new SampleStatistics(
        11,
        3,
        List.of(
            Weights.of(BATCH_NORM, new float[] {1, -2}, new float[] {0.5f, 0}),
            Weights.of(BATCH_NORM, new float[] {0.1f, 3e-5f}, new float[] {7, 1e20f})));
  }

  private static Map<String, Object> numbers(SwagPosterior posterior) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("mean", values(posterior.mean()));
    if (posterior.hasVariance()) {
      out.put("variance", values(posterior.variance()));
    }
    out.put(
        "deviations", posterior.deviations().stream().map(GoldenPosteriorsTest::values).toList());
    List<List<float[]>> samples = new ArrayList<>();
    for (int index = 0; index < COUNT; index++) {
      samples.add(values(posterior.sample(SEED, index)));
    }
    out.put("samples", samples);
    return out;
  }

  private static List<float[]> values(Weights weights) {
    return List.of(weights.toArray(0), weights.toArray(1), weights.toArray(2));
  }

  private static Path golden(String name) throws Exception {
    return Path.of(GoldenPosteriorsTest.class.getResource("golden/" + name).toURI());
  }

  @ParameterizedTest
  @ValueSource(strings = {STATISTICS, DEVIATIONS, BFLOAT16, SAMPLES})
  void whatIsWrittenNowHasTheSameBytes(String name) throws Exception {
    assertThat(Path.of("target", name)).hasSameBinaryContentAs(golden(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {STATISTICS, DEVIATIONS, BFLOAT16})
  void aFileGivesTheMomentsAndSamplesOfItsTime(String name) throws Exception {
    JsonObject expected =
        JsonParser.parseString(Files.readString(golden(SAMPLES), StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonObject(name);
    assertThat(expected.has("variance")).isEqualTo(name.equals(STATISTICS));
    for (SwagPosterior read :
        List.of(
            PosteriorFiles.read(golden(name)),
            PosteriorFiles.read(golden(name), Snapshots.LAYOUT))) {
      assertThat(read.mean()).isEqualTo(weights(expected.getAsJsonArray("mean")));
      assertThat(read.hasVariance()).isEqualTo(expected.has("variance"));
      if (expected.has("variance")) {
        assertThat(read.variance()).isEqualTo(weights(expected.getAsJsonArray("variance")));
      }
      assertThat(read.deviations()).isEqualTo(all(expected.getAsJsonArray("deviations"), 4));
      List<Weights> samples = all(expected.getAsJsonArray("samples"), COUNT);
      assertThat(read.samples(SEED, 0, COUNT)).isEqualTo(samples);
      for (int index = 0; index < COUNT; index++) {
        assertThat(read.sample(SEED, index)).isEqualTo(samples.get(index));
      }
    }
  }

  private static List<Weights> all(JsonArray array, int count) {
    List<Weights> out = new ArrayList<>();
    array.forEach(weights -> out.add(weights(weights.getAsJsonArray())));
    assertThat(out).hasSize(count);
    return out;
  }

  private static Weights weights(JsonArray tensors) {
    return Weights.of(Snapshots.LAYOUT, new Gson().fromJson(tensors, float[][].class));
  }

  /** By NumPy, in float64. */
  @ParameterizedTest
  @ValueSource(strings = {STATISTICS, DEVIATIONS, BFLOAT16})
  void theirMomentsAreThoseOfTheSnapshots(String name) throws Exception {
    SwagPosterior read = PosteriorFiles.read(golden(name));
    requireClose(read.mean(), Snapshots.doubles(Snapshots.GOLDEN.getAsJsonArray("mean")), 0);
    if (read.hasVariance()) {
      requireClose(
          read.variance(), Snapshots.doubles(Snapshots.GOLDEN.getAsJsonArray("variance")), 0);
    }
    JsonArray rows = Snapshots.GOLDEN.getAsJsonObject("deviations").getAsJsonArray("running_mean");
    assertThat(read.deviations()).hasSize(4);
    for (int k = 0; k < 4; k++) {
      double[] column = new double[rows.size()];
      for (int i = 0; i < column.length; i++) {
        column[i] = rows.get(i).getAsJsonArray().get(k).getAsDouble();
      }
      requireClose(read.deviations().get(k), column, name.equals(BFLOAT16) ? 1.0 / 256 : 0);
    }
  }

  private static void requireClose(Weights got, double[] expected, double share) {
    double[] values = Snapshots.flat(got);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(2e-6 + share * Math.abs(expected[i])));
    }
  }

  @Test
  void aFileOfFormat2SaysWhereItComesFromAndHowItIsDrawn() throws Exception {
    PosteriorFile opened = PosteriorFiles.open(golden(STATISTICS)).verify();
    assertThat(opened.version()).isEqualTo(2);
    requireFacts(opened, 0.3);
    assertThat(opened.mode())
        .isEqualTo(new SampleMode(Parts.BOTH, true, true, Optional.of(List.of("a", "c"))));
    SwagPosterior read = opened.posterior();
    assertThat(read.sample(SEED, 0).toArray(1)).isEqualTo(read.mean().toArray(1));
    requirePairs(read);
  }

  @Test
  void filesOfFormat3SayThatTheyHaveNoVariances() throws Exception {
    PosteriorFile opened = PosteriorFiles.open(golden(DEVIATIONS)).verify();
    assertThat(opened.version()).isEqualTo(3);
    assertThat(opened.hasVariance()).isFalse();
    assertThat(opened.hasBfloat16Deviations()).isFalse();
    requireFacts(opened, 0.7);
    assertThat(opened.mode())
        .isEqualTo(new SampleMode(Parts.LOW_RANK, false, true, Optional.empty()));
    requirePairs(opened.posterior());
    PosteriorFile half = PosteriorFiles.open(golden(BFLOAT16)).verify();
    assertThat(half.version()).isEqualTo(3);
    assertThat(half.hasVariance()).isFalse();
    assertThat(half.hasBfloat16Deviations()).isTrue();
    assertThat(half.scale()).isEqualTo(1);
    assertThat(half.provenance().facts()).isEmpty();
    assertThat(half.statistics()).isEmpty();
    assertThat(half.mode())
        .isEqualTo(new SampleMode(Parts.LOW_RANK, false, false, Optional.empty()));
  }

  private static void requireFacts(PosteriorFile opened, double scale) throws IOException {
    assertThat(opened.count()).isEqualTo(8);
    assertThat(opened.columns()).isEqualTo(4);
    assertThat(opened.scale()).isEqualTo(scale);
    assertThat(opened.options()).isEqualTo(SwagPosterior.Options.defaults().withRank(4));
    assertThat(opened.sampler()).isEqualTo("threefry4x32-20/table-v2");
    assertThat(opened.layout().tensors()).isEqualTo(Snapshots.LAYOUT.tensors());
    assertThat(opened.provenance()).isEqualTo(PROVENANCE);
    SampleStatistics got = opened.statistics().orElseThrow();
    assertThat(got).isEqualTo(statistics());
    assertThat(got.layout().tensors()).isEqualTo(BATCH_NORM.tensors());
  }

  /** Samples 0 and 1 lie on opposite sides of the mean. */
  private static void requirePairs(SwagPosterior posterior) {
    double[] mean = Snapshots.flat(posterior.mean());
    double[] even = Snapshots.flat(posterior.sample(SEED, 0));
    double[] odd = Snapshots.flat(posterior.sample(SEED, 1));
    assertThat(even).isNotEqualTo(mean);
    for (int i = 0; i < mean.length; i++) {
      assertThat(even[i] + odd[i]).isCloseTo(2 * mean[i], within(1e-5));
    }
  }
}

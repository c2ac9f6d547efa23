package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.PosteriorSummary;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosteriorFileTest {
  private static final WeightLayout STATISTICS =
      WeightLayout.of(
          List.of(
              new Tensor("bn.mean", Role.RUNNING_MEAN, List.of(2L)),
              new Tensor("bn.variance", Role.RUNNING_VARIANCE, List.of(2L))));

  @TempDir private Path folder;

  @Test
  void whereAPosteriorComesFromIsKeptInIt() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    Provenance provenance =
        Provenance.unknown()
            .with(Provenance.PLAN, "after each epoch past 15")
            .with(Provenance.RATES, "0.05 to epoch 15, then \"0.01\" \u2026")
            .with(Provenance.DATA, "sha256 00ff")
            .with(Provenance.SEED, "42")
            .with(Provenance.PROGRAM, "swag4j 0.2.0");
    PosteriorFiles.write(file, Snapshots.posterior(), provenance);
    PosteriorFile opened = PosteriorFiles.open(file);
    assertThat(opened.provenance()).isEqualTo(provenance);
    assertThat(opened.provenance().facts().keySet())
        .containsExactly("plan", "rates", "data", "seed", "program");
    assertThat(opened.version()).isEqualTo(2);
    assertThat(opened.bytes()).isEqualTo(Files.size(file));
    assertThat(opened.layout().tensor(1).role()).isEqualTo(Role.BIAS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provenance.with("No Key", ""))
        .withMessageContaining("keys of a provenance must be small letters");
  }

  @Test
  void batchNormStatisticsOfSamplesAreReadBackWithTheirSeed() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    SampleStatistics statistics =
        new SampleStatistics(11, 3, List.of(statistics(1, 2), statistics(3, 4)));
    PosteriorFiles.write(file, Snapshots.posterior(), Provenance.unknown(), statistics);
    assertThat(PosteriorFiles.open(file).verify().statistics()).contains(statistics);
    assertThat(PosteriorFiles.read(file).sample(11, 3))
        .isEqualTo(Snapshots.posterior().sample(11, 3));
    PosteriorFiles.write(
        file,
        Snapshots.posterior(),
        Provenance.unknown(),
        new SampleStatistics(0, 0, List.of(statistics(1, -1))));
    assertThatThrownBy(() -> PosteriorFiles.open(file).statistics())
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(
            "tensor statistics/bn.variance row 0 must be at least 0, got -1.0 at 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampleStatistics(0, 0, List.of()))
        .withMessage("statistics must be of at least 1 sample, got none");
  }

  private static Weights statistics(float mean, float variance) {
    return Weights.of(STATISTICS, new float[] {mean, mean}, new float[] {variance, variance});
  }

  @Test
  void momentsStayInTheFile() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior());
    SwagPosterior read = PosteriorFiles.read(file);
    assertThat(read.mean().values(0).isDirect()).isTrue();
    assertThat(read.variance().values(0).isDirect()).isTrue();
    assertThat(read.deviations().get(3).values(0).isDirect()).isTrue();
    assertThat(read.deviations()).isEqualTo(Snapshots.posterior().deviations());
  }

  @Test
  void aFileThatIsReplacedLeavesAnOpenPosteriorAsItWas() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior());
    SwagPosterior read = PosteriorFiles.read(file);
    PosteriorFiles.write(file, Snapshots.posterior().diagonal());
    assertThat(read.sample(1, 1)).isEqualTo(Snapshots.posterior().sample(1, 1));
  }

  /** A sparse file: 20 GB by its header, some KB on the disk. */
  @Test
  void openingAPosteriorOfManyGigabytesReadsItsHeaderOnly() throws IOException {
    Path file = folder.resolve("large.safetensors");
    long columns = 20;
    long size = 229_000_000; // a column of 0.9 GB, all of a tensor's beyond 2^31 bytes
    StringBuilder header = new StringBuilder("{\"__metadata__\":{");
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("w", Role.OTHER, List.of(size))));
    facts(layout, (int) columns)
        .forEach(
            (key, value) ->
                header
                    .append(header.charAt(header.length() - 1) == '{' ? "" : ",")
                    .append('"' + key + "\":\"" + value + '"'));
    header.append('}');
    long at = 0;
    for (Map.Entry<String, String> part :
        Map.of("mean/w", "", "variance/w", "", "deviations/w", columns + ",").entrySet()) {
      long bytes = size * 4 * (part.getValue().isEmpty() ? 1 : columns);
      header.append(
          ",\"" + part.getKey() + "\":{\"dtype\":\"F32\",\"shape\":[" + part.getValue() + size);
      header.append("],\"data_offsets\":[" + at + "," + (at + bytes) + "]}");
      at += bytes;
    }
    header.append('}');
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.writeLong(Long.reverseBytes(header.length()));
      out.write(header.toString().getBytes(StandardCharsets.UTF_8));
      out.setLength(8 + header.length() + at);
    }
    assertThat(Files.size(file)).isGreaterThan(20_000_000_000L);
    long before = System.nanoTime();
    PosteriorFile opened = PosteriorFiles.open(file);
    SwagPosterior posterior = opened.posterior();
    assertThat(opened.bytes()).isEqualTo(Files.size(file));
    assertThat(posterior.deviations()).hasSize(20);
    // The data are not aligned to floats here, as another program may write them.
    assertThat(posterior.deviations().get(19).values(0).get((int) size - 1)).isZero();
    assertThat(posterior.variance().values(0).limit()).isEqualTo((int) size);
    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
  }

  private static Map<String, String> facts(WeightLayout layout, int columns) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("format", "1");
    facts.put("kind", "swag-posterior");
    facts.put("layout", layout.hash());
    facts.put("count", "30");
    facts.put("rank", Integer.toString(columns));
    facts.put("columns", Integer.toString(columns));
    facts.put("centre", "RUNNING_MEAN");
    facts.put("variance_floor", "1.0E-30");
    facts.put("scale", "0.5");
    facts.put("sampler", "threefry4x32-20/table-v2");
    return facts;
  }

  @Test
  void whatIsDrawnOfThePosteriorIsKept() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    for (SwagPosterior posterior :
        List.of(
            Snapshots.posterior().lowRankOnly(),
            Snapshots.posterior().withBlockwise(true).withAntitheticPairs(true),
            Snapshots.posterior().withStochastic(t -> !t.name().equals("b")).withScale(2))) {
      PosteriorFiles.write(file, posterior);
      SwagPosterior read = PosteriorFiles.read(file);
      assertThat(read.mode()).isEqualTo(posterior.mode());
      assertThat(read.scale()).isEqualTo(posterior.scale());
      assertThat(read.sample(3, 5)).isEqualTo(posterior.sample(3, 5));
      assertThat(PosteriorFiles.open(file).mode()).isEqualTo(posterior.mode());
    }
    requireRefused(Map.of("sample_stochastic", "x"), "stochastic tensors must be of the posterior");
    requireRefused(Map.of("sample_parts", "SOME"), "metadata is not valid: ");
    requireRefused(Map.of("sample_rotation", "1"), "metadata must not have sample_rotation");
    requireRefused(
        Map.of("sample_blockwise", "true", "sampler", "philox4x32-10/as241-v1"),
        "metadata is not valid: sampler philox4x32-10/as241-v1");
  }

  @Test
  void deviationsOfBfloat16AreWrittenAsTheyAre() throws IOException {
    SwagCollector collector =
        new SwagCollector(
            AveragingPlan.epochs(),
            SwagPosterior.Options.defaults().withRank(4),
            Accumulation.FLOAT64,
            DeviationStorage.heap().asBfloat16());
    Snapshots.GOLDEN
        .getAsJsonArray("snapshots")
        .forEach(s -> collector.collect(Snapshots.weights(s.getAsJsonArray())));
    Path file = folder.resolve("posterior.safetensors");
    SwagPosterior posterior = collector.posterior();
    PosteriorFiles.write(file, posterior);
    assertThat(PosteriorFiles.read(file).deviations())
        .containsExactlyElementsOf(posterior.deviations());
    assertThat(PosteriorFiles.read(file).sample(1, 2)).isEqualTo(posterior.sample(1, 2));
  }

  @Test
  void theSummaryFollowsWhatIsDrawn() {
    PosteriorSummary all = PosteriorSummary.of(Snapshots.posterior());
    PosteriorSummary some =
        PosteriorSummary.of(Snapshots.posterior().withStochastic(t -> t.name().equals("a")));
    assertThat(some.layers().get(0)).isEqualTo(all.layers().get(0));
    assertThat(some.layers().get(1).sampleDeviation()).isZero();
    assertThat(some.spectrum().get(0)).isPositive().isLessThan(all.spectrum().get(0));
    double[] expected = Snapshots.posterior().gaussian().spectrum();
    for (int k = 0; k < 4; k++) {
      assertThat(all.spectrum().get(k)).isCloseTo(expected[k], within(1e-9 * expected[0]));
    }
    assertThat(all.effectiveRank())
        .isCloseTo(Snapshots.posterior().gaussian().effectiveRank(), within(1e-6));
    PosteriorSummary low = PosteriorSummary.of(Snapshots.posterior().lowRankOnly().withScale(0.5));
    assertThat(low.layers().get(0).sampleDeviation())
        .isLessThan(all.layers().get(0).sampleDeviation());
    assertThat(PosteriorSummary.of(Snapshots.posterior().diagonal()).effectiveRank()).isZero();
  }

  @Test
  void aFileOfAnUnknownSamplerGivesItsMomentsAndNoSamples() throws IOException {
    PosteriorFile opened = PosteriorFiles.open(written(Map.of("sampler", "mine-v9"))).verify();
    assertThat(opened.sampler()).isEqualTo("mine-v9");
    assertThat(opened.mean()).isEqualTo(Snapshots.posterior().mean());
    assertThatThrownBy(opened::posterior)
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("got mine-v9: the file comes from a newer version");
  }

  @Test
  void factsThatCannotBeAreRefusedWithThePlace() throws IOException {
    requireRefused(
        Map.of("format", "4"), "metadata format must be 1, 2 or 3, got 4: the file comes");
    requireRefused(
        Map.of("format", "3"), "of the low-rank part alone with 2 columns or more, got parts BOTH");
    requireRefused(Map.of("rank", "513"), "rank must be 0 or between 2 and 512, got 513");
    requireRefused(Map.of("rank", "2147483648"), "metadata is not valid: For input string");
    requireRefused(Map.of("columns", "21"), "columns must be between 0 and rank 20, got 21");
    requireRefused(
        Map.of("columns", "3"),
        "tensor deviations/a must have shape [3, 2, 3], got [4, 2, 3]: the file belongs");
    requireRefused(Map.of("count", "1"), "count must be at least 2 and at least columns 4, got 1");
    requireRefused(Map.of("scale", "-1"), "scale must be finite and at least 0, got -1.0");
    requireRefused(Map.of("scale", "NaN"), "scale must be finite and at least 0, got NaN");
    requireRefused(Map.of("variance_floor", "NaN"), "variance floor must be finite and above 0");
    requireRefused(Map.of("layout", "00"), "tensors must be those of layout 00, got ");
    requireRefused(
        Map.of("roles", "WEIGHT,BIAS"), "tensor mean/c must have a role and 0 dimensions");
    requireRefused(Map.of("roles", "WEIGHT,BIAS,BIAS,BIAS"), "mean/ must have 4 tensors, got 3");
    requireRefused(
        Map.of("temperature", "2"), "metadata must not have temperature, which this version");
    requireRefused(Map.of("provenance.No", "2"), "keys of a provenance must be small letters");
    requireRefused(Map.of("statistics_layout", "00"), "metadata must have \"statistics_samples\"");
    requireRefused(Map.of("sampler", ""), "");
  }

  @Test
  void aTensorThatBelongsToNothingIsRefused() throws IOException {
    SafeTensorsWriter writer = writer(Map.of());
    writer.tensor("skew/a", List.of(1L), List.of(FloatBuffer.allocate(1)));
    Path file = folder.resolve("more.safetensors");
    writer.write(file);
    assertThatThrownBy(() -> PosteriorFiles.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("a mean, variance and deviations each, 9 in all, got 10");
  }

  @Test
  void aBitThatFlippedIsFoundInTheHeaderWhenOpenedAndInTheDataWhenVerified() throws IOException {
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, Snapshots.posterior());
    byte[] whole = Files.readAllBytes(file);
    byte[] data = whole.clone();
    data[whole.length - 1] ^= 1;
    Files.write(file, data);
    PosteriorFile opened = PosteriorFiles.open(file);
    assertThatThrownBy(opened::verify)
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("data must have checksum crc32c:")
        .hasMessageContaining("the file is damaged");
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    byte[] header = whole.clone();
    header[text.indexOf("\"0.5\"") + 3] = '4';
    Files.write(file, header);
    assertThatThrownBy(() -> PosteriorFiles.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("header must have checksum crc32c:");
  }

  private void requireRefused(Map<String, String> facts, String message) throws IOException {
    Path file = written(facts);
    assertThatThrownBy(() -> PosteriorFiles.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private Path written(Map<String, String> facts) throws IOException {
    Path file = folder.resolve("strange.safetensors");
    writer(facts).write(file);
    return file;
  }

  /** A file of format 2 with other facts. */
  private static SafeTensorsWriter writer(Map<String, String> facts) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Map<String, String> all = facts(Snapshots.LAYOUT, 4);
    all.put("format", "2");
    all.put("rank", "20");
    all.put("roles", "WEIGHT,BIAS,BIAS");
    all.putAll(facts);
    all.forEach(writer::metadata);
    SwagPosterior posterior = Snapshots.posterior();
    for (int t = 0; t < 3; t++) {
      int tensor = t;
      Tensor of = Snapshots.LAYOUT.tensor(t);
      List<Long> rows = new ArrayList<>(List.of(4L));
      rows.addAll(of.shape());
      List<FloatBuffer> columns =
          posterior.deviations().stream().map(d -> d.values(tensor)).toList();
      writer.tensor("mean/" + of.name(), of.shape(), List.of(posterior.mean().values(t)));
      if (!all.get("format").equals("3")) {
        writer.tensor("variance/" + of.name(), of.shape(), List.of(posterior.variance().values(t)));
      }
      writer.tensor("deviations/" + of.name(), rows, columns);
    }
    return writer;
  }

  @Test
  void momentsOfAnotherTypeAreRefused() throws IOException {
    Path file = folder.resolve("doubles.safetensors");
    WeightLayout layout = WeightLayout.of(List.of(new Tensor("w", Role.OTHER, List.of(0L))));
    SafeTensorsWriter writer = new SafeTensorsWriter();
    facts(layout, 0).forEach(writer::metadata);
    writer.tensor(new StoredTensor("mean/w", TensorType.F64, List.of(0L)), sink -> {});
    writer.tensor(new StoredTensor("variance/w", TensorType.F32, List.of(0L)), sink -> {});
    writer.tensor(new StoredTensor("deviations/w", TensorType.F32, List.of(0L, 0L)), sink -> {});
    writer.write(file);
    assertThatThrownBy(() -> PosteriorFiles.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("tensor mean/w must be F32, got F64");
  }
}

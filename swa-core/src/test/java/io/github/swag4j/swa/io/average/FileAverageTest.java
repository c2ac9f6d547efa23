package io.github.swag4j.swa.io.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.TorchGolden;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.io.average.AverageOptions.Integers;
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
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileAverageTest {
  private static final AveragingRule UNIFORM = new AveragingRule.Uniform();
  private static final JsonObject AVERAGES = TorchGolden.averages();

  @TempDir private Path folder;

  private static AverageOptions options(AveragingRule rule, Precision precision, TensorType type) {
    AverageOptions options = AverageOptions.of(rule).withPrecision(precision);
    return type == null ? options : options.withType(type);
  }

  private interface Check {
    void on(SafeTensors average) throws IOException;
  }

  private FileAverage.Summary average(List<Path> paths, AverageOptions options, Check check)
      throws IOException {
    Path out = folder.resolve("average.safetensors");
    List<TensorFile> files = new ArrayList<>();
    try {
      for (Path path : paths) {
        files.add(WeightFiles.open(path));
      }
      FileAverage.Summary summary = FileAverage.of(files, options).write(out, Map.of());
      try (SafeTensors average = SafeTensors.open(out)) {
        check.on(average);
      }
      return summary;
    } finally {
      for (TensorFile file : files) {
        file.close();
      }
    }
  }

  private static List<Path> epochs(String ending) {
    return IntStream.range(0, 4).mapToObj(e -> TorchGolden.file("epoch-" + e + ending)).toList();
  }

  private static double[] values(TensorFile file, String name) throws IOException {
    return TorchGolden.values(file, name, 1000).stream().mapToDouble(Number::doubleValue).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(strings = {".safetensors", ".pt"})
  void theAverageIsTheExactOneRoundedOnce(String ending) throws IOException {
    JsonObject exact = AVERAGES.getAsJsonObject("exact");
    FileAverage.Summary summary =
        average(
            epochs(ending),
            AverageOptions.of(UNIFORM),
            file -> {
              for (String name : List.of("weight", "brain", "half")) {
                assertThat(file.entries().get(name).type()).isEqualTo(TensorType.F32);
                assertThat(file.readFloats(name))
                    .as(name)
                    .isEqualTo(floats(TorchGolden.doubles(exact.get(name))));
              }
              assertThat(values(file, "double"))
                  .isEqualTo(TorchGolden.doubles(exact.get("double")));
              assertThat(file.metadata())
                  .containsEntry("kind", "average")
                  .containsEntry("count", "4")
                  .containsEntry("rule", "uniform")
                  .containsEntry("accumulate", "float64");
            });
    assertThat(summary.averaged()).isEqualTo(4);
    assertThat(summary.values()).isEqualTo(35 + 3 + 9 + 9);
    assertThat(summary.copied()).containsExactlyInAnyOrder("bn.num_batches_tracked", "index");
  }

  @Test
  void weightedAveragesAreTheExactOnesRoundedOnce() throws IOException {
    JsonObject exact = AVERAGES.getAsJsonObject("weighted");
    AveragingRule rule = new AveragingRule.Weighted(TorchGolden.doubles(AVERAGES.get("weights")));
    average(
        epochs(".pt"),
        AverageOptions.of(rule),
        file -> {
          for (String name : List.of("weight", "brain", "half")) {
            assertThat(file.readFloats(name))
                .isEqualTo(floats(TorchGolden.doubles(exact.get(name))));
          }
          assertThat(values(file, "double")).isEqualTo(TorchGolden.doubles(exact.get("double")));
        });
  }

  @Test
  void float32GivesTheBitsOfTorchsAveragedModel() throws IOException {
    average(
        epochs(".safetensors"),
        options(UNIFORM, Precision.FLOAT32, null),
        file -> {
          assertThat(file.readFloats("weight"))
              .isEqualTo(floats(TorchGolden.doubles(AVERAGES.get("torch_swa"))));
          assertThat(values(file, "double"))
              .isEqualTo(TorchGolden.doubles(AVERAGES.get("torch_swa_double")));
        });
    average(
        epochs(".safetensors"),
        options(new AveragingRule.Exponential(0.9), Precision.FLOAT32, null),
        file ->
            assertThat(file.readFloats("weight"))
                .isEqualTo(floats(TorchGolden.doubles(AVERAGES.get("torch_ema")))));
  }

  @Test
  void theExponentialAverageFollowsTheOrderGiven() throws IOException {
    List<Path> files = List.of(file("a", 1), file("b", 2), file("c", 4));
    average(
        files,
        AverageOptions.of(new AveragingRule.Exponential(0.5)),
        average -> assertThat(average.readFloats("w")).containsExactly(0.25f + 0.5f + 2));
    average(
        List.of(files.get(2), files.get(1), files.get(0)),
        AverageOptions.of(new AveragingRule.Exponential(0.5)),
        average -> assertThat(average.readFloats("w")).containsExactly(1 + 0.5f + 0.5f));
  }

  @Test
  void countersComeFromTheLastFileAndOtherIntegersMustBeEqual() throws IOException {
    average(
        epochs(".pt"),
        AverageOptions.of(UNIFORM),
        file -> {
          assertThat(values(file, "bn.num_batches_tracked")).containsExactly(40);
          assertThat(values(file, "index")).containsExactly(0, 1, 2);
        });
    AverageOptions equal = AverageOptions.of(UNIFORM).withIntegers(Integers.EQUAL);
    assertThatThrownBy(() -> average(epochs(".pt"), equal, file -> {}))
        .hasMessageContaining("integer tensors must be equal in all files")
        .hasMessageContaining("epoch-1.pt: bn.num_batches_tracked I64 [] differs from");
    assertThat(folder.resolve("average.safetensors")).exists(); // of the first call
  }

  @Test
  void averageOfEqualWeightsIsThatWeight() throws IOException {
    Path file = TorchGolden.file("epoch-2.safetensors");
    for (AveragingRule rule :
        List.of(
            UNIFORM,
            new AveragingRule.Weighted(0.1, 0.7, 0.3),
            new AveragingRule.Exponential(0.7))) {
      average(
          List.of(file, file, file),
          options(rule, Precision.FLOAT64, null),
          average -> {
            try (SafeTensors one = SafeTensors.open(file)) {
              assertThat(average.readFloats("weight")).isEqualTo(one.readFloats("weight"));
              for (String name : List.of("half", "brain")) {
                assertThat(values(average, name)).isEqualTo(values(one, name));
              }
            }
          });
    }
  }

  @Test
  void aShardedSetIsItsFiles() throws IOException {
    Path index = TorchGolden.file("sharded/model.safetensors.index.json");
    Path whole = TorchGolden.file("epoch-0.safetensors");
    for (Path sharded : List.of(index, index.getParent())) {
      average(
          List.of(sharded, whole),
          AverageOptions.of(UNIFORM),
          average -> {
            try (SafeTensors one = SafeTensors.open(whole)) {
              assertThat(average.readFloats("weight")).isEqualTo(one.readFloats("weight"));
              assertThat(average.entries()).containsOnlyKeys(one.entries().keySet());
            }
          });
    }
  }

  @Test
  void theTypeOfTheOutputIsChosen() throws IOException {
    for (TensorType type :
        List.of(TensorType.F64, TensorType.F32, TensorType.F16, TensorType.BF16)) {
      average(
          epochs(".pt"),
          options(UNIFORM, Precision.FLOAT64, type),
          file -> {
            assertThat(file.entries().get("half").type()).isEqualTo(type);
            double[] exact = TorchGolden.doubles(AVERAGES.getAsJsonObject("exact").get("half"));
            double[] rounded = values(file, "half");
            for (int i = 0; i < exact.length; i++) {
              assertThat(rounded[i]).isEqualTo(TensorCodec.rounded(exact[i], type));
            }
          });
    }
  }

  @Test
  void anAverageThatDoesNotFitItsTypeIsRefused() throws IOException {
    List<Path> files = List.of(file("a", 1e6f), file("b", 2e6f));
    assertThatThrownBy(
            () -> average(files, options(UNIFORM, Precision.FLOAT64, TensorType.F16), file -> {}))
        .hasMessageContaining("average of tensor w must fit float16, got 1500000.0 at 0");
    assertThat(folder.resolve("average.safetensors")).doesNotExist();
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedByTensorAndFile() throws IOException {
    List<Path> files = List.of(file("a", 1, 2), file("b", 1, Float.NaN), file("c", 1, Float.NaN));
    assertThatThrownBy(() -> average(files, AverageOptions.of(UNIFORM), file -> {}))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("b.safetensors: tensor w must be finite, got NaN at 1");
    assertThat(folder.resolve("average.safetensors")).doesNotExist();
    AverageOptions allow = AverageOptions.of(UNIFORM).allowingNonFinite();
    average(files, allow, file -> assertThat(file.readFloats("w")).containsExactly(1, Float.NaN));
  }

  @Test
  void filesStayOpenAfterAnAverageThatFailed() throws IOException {
    Path bad = file("bad", Float.NaN);
    try (TensorFile file = WeightFiles.open(bad)) {
      FileAverage average = FileAverage.of(List.of(file), AverageOptions.of(UNIFORM));
      Path out = folder.resolve("out.safetensors");
      assertThatThrownBy(() -> average.write(out, Map.of())).isInstanceOf(IOException.class);
      assertThat(values(file, "w")).containsExactly(Double.NaN);
    }
  }

  @Test
  void infiniteDoublesStayInfiniteWhereTheyAreAllowed() throws IOException {
    Path path = folder.resolve("infinite.safetensors");
    new SafeTensorsWriter()
        .tensor(
            new StoredTensor("w", TensorType.F64, List.of(1L)),
            sink ->
                sink.write(
                    ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(0, Double.POSITIVE_INFINITY)))
        .write(path);
    average(
        List.of(path, path),
        AverageOptions.of(UNIFORM).allowingNonFinite(),
        file -> assertThat(values(file, "w")).containsExactly(Double.POSITIVE_INFINITY));
  }

  @Test
  void everyDifferenceIsListedAndNothingIsWritten() throws IOException {
    Path a = folder.resolve("a.safetensors");
    Path b = folder.resolve("b.safetensors");
    write(a, Map.of("x", new float[2], "y", new float[3]));
    write(b, Map.of("x", new float[3], "z", new float[3]));
    assertThatThrownBy(() -> average(List.of(a, b), AverageOptions.of(UNIFORM), file -> {}))
        .hasMessageContaining("files must have the same tensors")
        .hasMessageContaining("b.safetensors: has x F32 [3], not F32 [2]")
        .hasMessageContaining("b.safetensors: lacks y F32 [3]")
        .hasMessageContaining("b.safetensors: has z F32 [3], which ");
    assertThatThrownBy(
            () ->
                average(
                    List.of(TorchGolden.file("types.pt"), a),
                    AverageOptions.of(UNIFORM),
                    file -> {}))
        .hasMessageContaining("eight F8_E4M3 [2] has a type that is not averaged")
        .hasMessageMatching("(?s).*lacks single F32 \\[2, 3\\].*");
    assertThat(folder.resolve("average.safetensors")).doesNotExist();
  }

  @Test
  void tensorsAreLeftOutOrTakenFromTheLastFileByName() throws IOException {
    AverageOptions some =
        AverageOptions.of(UNIFORM)
            .keeping(name -> !name.equals("double"))
            .takingFromLast(name -> name.equals("weight"));
    FileAverage.Summary summary =
        average(
            epochs(".pt"),
            some,
            file -> {
              assertThat(file.entries()).doesNotContainKey("double");
              try (SafeTensors last = SafeTensors.open(TorchGolden.file("epoch-3.safetensors"))) {
                assertThat(file.readFloats("weight")).isEqualTo(last.readFloats("weight"));
              }
            });
    assertThat(summary.leftOut()).containsExactly("double");
    assertThat(summary.copied()).contains("weight");
  }

  @Test
  void manyBlocksOfManyTensorsComeOutInTheirPlaces() throws IOException {
    Random random = new Random(5);
    Map<String, float[]> one = new LinkedHashMap<>();
    Map<String, float[]> two = new LinkedHashMap<>();
    for (int t = 0; t < 40; t++) {
      int size = t % 3 == 0 ? random.nextInt(300_000) : t % 7;
      one.put("t" + t, random(random, size));
      two.put("t" + t, random(random, size));
    }
    Path a = folder.resolve("one.safetensors");
    Path b = folder.resolve("two.safetensors");
    write(a, one);
    write(b, two);
    average(
        List.of(a, b),
        AverageOptions.of(UNIFORM),
        file -> {
          for (String name : one.keySet()) {
            float[] expected = one.get(name).clone();
            for (int i = 0; i < expected.length; i++) {
              expected[i] = (float) (((double) expected[i] + two.get(name)[i]) / 2);
            }
            assertThat(file.readFloats(name)).as(name).isEqualTo(expected);
          }
        });
  }

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  @Test
  void wideTypesLieBeforeNarrowOnesSoThatPythonCanMapThem() throws IOException {
    Path mixed = folder.resolve("mixed.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    writer.tensor(
        new StoredTensor("flag", TensorType.BOOL, List.of(1L)),
        sink -> sink.write(ByteBuffer.wrap(new byte[] {1})));
    writer.tensor(
        new StoredTensor("long", TensorType.I64, List.of(1L)),
        sink -> sink.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 5)));
    writer.write(mixed);
    assertThat(writer.dataOrder()).extracting(StoredTensor::name).containsExactly("long", "flag");
    try (SafeTensors file = SafeTensors.open(mixed)) {
      assertThat(file.entries().keySet()).containsExactly("flag", "long");
      assertThat(values(file, "long")).containsExactly(5);
      assertThat(values(file, "flag")).containsExactly(1);
    }
  }

  @Test
  void theOutputIsNoneOfTheFiles() throws IOException {
    Path file = file("average", 1);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> average(List.of(file), AverageOptions.of(UNIFORM), average -> {}))
        .hasMessageContaining("the output must not be one of the files averaged");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void rulesCheckTheirNumbers() {
    assertThatThrownBy(() -> new AveragingRule.Weighted(1, -1))
        .hasMessage("weights must be finite and at least 0, got -1.0");
    assertThatThrownBy(() -> new AveragingRule.Weighted(0, 0)).hasMessageContaining("sum above 0");
    assertThatThrownBy(() -> new AveragingRule.Weighted(1, 2).factors(3))
        .hasMessage("weights must be one for each of 3 files, got 2");
    assertThatThrownBy(() -> new AveragingRule.Exponential(1.5))
        .hasMessage("decay must be between 0 and 1, got 1.5");
    assertThatThrownBy(() -> new AveragingRule.Exponential(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path file(String name, float... values) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    write(file, Map.of("w", values));
    return file;
  }

  private static void write(Path file, Map<String, float[]> tensors) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    tensors.forEach(
        (name, values) ->
            writer.tensor(name, List.of((long) values.length), List.of(FloatBuffer.wrap(values))));
    writer.write(file);
  }
}

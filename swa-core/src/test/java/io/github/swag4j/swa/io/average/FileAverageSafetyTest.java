package io.github.swag4j.swa.io.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFiles;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an average must not do to its files, and weights of any size. */
class FileAverageSafetyTest {

  @TempDir private Path folder;

  private Path write(String name, String tensor, float value) throws IOException {
    Path file = folder.resolve(name);
    SafeTensorsWriter.of("weights")
        .tensor(tensor, List.of(1L), List.of(FloatBuffer.wrap(new float[] {value})))
        .write(file);
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shard-1.safetensors", "shard-2.safetensors", "m.index.json"})
  void anAverageNeverReplacesAFileOfASetItWasReadFrom(String name) throws IOException {
    write("shard-1.safetensors", "a", 1);
    write("shard-2.safetensors", "b", 2);
    Path index =
        Files.writeString(
            folder.resolve("m.index.json"),
            "{\"weight_map\":{\"a\":\"shard-1.safetensors\",\"b\":\"shard-2.safetensors\"}}");
    Path out = folder.resolve(name);
    byte[] before = Files.readAllBytes(out);
    try (TensorFile set = WeightFiles.open(index)) {
      FileAverage average =
          FileAverage.of(List.of(set), AverageOptions.of(new AveragingRule.Uniform()));
      assertThatThrownBy(() -> average.write(out, Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("must not be one of the files averaged");
    }
    assertThat(out).hasBinaryContent(before);
  }

  /** Products with weights of 1e-320 have four digits, with weights of 1e308 none. */
  @ParameterizedTest
  @ValueSource(doubles = {4.9e-324, 1e-320, 1e-300, 0.1, 3, 4e307})
  void onlyTheRatioOfWeightsCounts(double weight) throws IOException {
    Path one = write("one.safetensors", "a", 1.2345678f);
    Path two = write("two.safetensors", "a", 7.6543210f);
    Path out = folder.resolve("out.safetensors");
    try (TensorFile a = WeightFiles.open(one);
        TensorFile b = WeightFiles.open(two)) {
      AverageOptions options = AverageOptions.of(new AveragingRule.Weighted(weight, weight));
      FileAverage.of(List.of(a, b), options).write(out, Map.of());
    }
    try (SafeTensors average = SafeTensors.open(out)) {
      assertThat(average.readFloats("a"))
          .containsExactly((float) ((1.2345678f + (double) 7.6543210f) / 2));
    }
  }
}

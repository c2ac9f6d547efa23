package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.io.average.AverageOptions;
import io.github.swag4j.swa.io.average.AveragingRule;
import io.github.swag4j.swa.io.average.FileAverage;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The writer gives the very bytes that {@code src/test/python/check_java_files.py} opens. */
class GoldenFileTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("w \"ü\"", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("empty", Role.OTHER, List.of(0L)),
              new Tensor("scalar", Role.BIAS, List.of())));

  @Test
  void anAverageIsWrittenAsTheBytesThatPythonOpens() throws IOException {
    WeightAverage average = WeightAverage.uniform(AveragingPlan.epochs());
    average.collect(weights(1, 0, 0, 1e-30f, 3e38f, -1.5f, 6));
    average.collect(weights(3, 0, 1, 1e-30f, 3e38f, -1, 8));
    Path file = Path.of("target", "java-average.safetensors");
    WeightFiles.write(file, "average", average.average(), Map.of("count", "2"));
    assertThat(file).hasSameBinaryContentAs(Golden.file("java-average.safetensors"));
  }

  @Test
  void anAverageOfFilesIsWrittenAsTheBytesThatPythonOpens() throws IOException {
    List<TensorFile> files = new ArrayList<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      files.add(WeightFiles.open(TorchGolden.file("epoch-" + epoch + ".pt")));
    }
    Path file = Path.of("target", "java-file-average.safetensors");
    FileAverage.of(files, AverageOptions.of(new AveragingRule.Uniform())).write(file, Map.of());
    for (TensorFile opened : files) {
      opened.close();
    }
    assertThat(file).hasSameBinaryContentAs(Golden.file("java-file-average.safetensors"));
  }

  private static Weights weights(float a, float b, float c, float d, float e, float f, float g) {
    return Weights.of(LAYOUT, new float[] {a, b, c, d, e, f}, new float[0], new float[] {g});
  }
}

package io.github.swag4j.swag.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.LaplaceFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Posteriors come back from files as they were, and what is no posterior does not come back. */
class LaplaceFilesTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("conv", Role.WEIGHT, List.of(2L, 1L, 3L)),
              new Tensor("scale", Role.SCALE, List.of(2L)),
              new Tensor("w", Role.WEIGHT, List.of(2L, 3L)),
              new Tensor("b", Role.BIAS, List.of(2L))));

  @TempDir private Path folder;

  private static LaplacePosterior posterior() {
    Random random = new Random(8);
    Weights mean =
        Weights.of(
            LAYOUT,
            new float[] {1, 2, 3, 4, 5, 6},
            new float[] {1, 2},
            new float[] {-1, -2, -3, 1, 2, 3},
            new float[] {.5f, -.5f});
    double[] x = random.doubles(64, -1, 1).toArray();
    List<LayerCurvature> layers =
        List.of(
            KroneckerCurvature.of(
                new LaplaceLayer("conv", "conv", null, 2, 3),
                DenseMatrix.transposedProduct(x, x, 5, 3, 3),
                DenseMatrix.transposedProduct(x, x, 4, 2, 2)),
            DiagonalCurvature.of(LaplaceLayer.of(LAYOUT.tensor(1)), new double[] {3, 0}),
            FullCurvature.of(
                new LaplaceLayer("head", "w", "b", 2, 3),
                DenseMatrix.transposedProduct(x, x, 8, 8, 8)));
    return LaplacePosterior.of(mean, layers, -12.5, 99)
        .withPriorPrecisions(0.5, 2, 1e-3)
        .withTemperature(1.25);
  }

  @Test
  void aPosteriorReadBackDrawsTheSameSamples() throws IOException {
    Path file = folder.resolve("laplace.safetensors");
    LaplacePosterior posterior = posterior();
    LaplaceFiles.write(file, posterior);
    LaplacePosterior read = LaplaceFiles.read(file, LAYOUT);
    assertThat(read.sample(4, 9)).isEqualTo(posterior.sample(4, 9));
    assertThat(read.sample(4, 9)).isNotEqualTo(posterior.mean());
    assertThat(read.logMarginalLikelihood()).isEqualTo(posterior.logMarginalLikelihood());
    assertThat(read.priorPrecisions()).containsExactly(posterior.priorPrecisions());
    assertThat(read.temperature()).isEqualTo(1.25);
    assertThat(read.rows()).isEqualTo(99);
    assertThat(read.layers().stream().map(LayerCurvature::layer))
        .isEqualTo(posterior.layers().stream().map(LayerCurvature::layer).toList());
  }

  @Test
  void filesOfAnotherModelOrKindAreRefused() throws IOException {
    Path file = folder.resolve("laplace.safetensors");
    LaplaceFiles.write(file, posterior());
    WeightLayout other = WeightLayout.of(List.of(new Tensor("v", Role.WEIGHT, List.of(3L))));
    assertThatThrownBy(() -> LaplaceFiles.read(file, other))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("metadata layout must be");
    SafeTensorsWriter.of("average", LAYOUT).write(file);
    assertThatThrownBy(() -> LaplaceFiles.read(file, LAYOUT))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("metadata kind must be laplace-posterior, got average");
  }

  @Test
  void metadataThatMakeNoPosteriorAreRefused() throws IOException {
    requireRefused(Map.of("sampler", "mine-v9"), "sampler must be philox4x32-10/as241-v1");
    requireRefused(Map.of("layers", "0"), "layers must be between 1 and the 4 tensors, got 0");
    requireRefused(Map.of("layers", "99"), "between 1 and the 4 tensors, got 99");
    requireRefused(Map.of("layers", "three"), "not valid");
    requireRefused(Map.of("temperature", "-1"), "temperature must be positive");
    requireRefused(Map.of("rows", "0"), "at least 1 row");
    requireRefused(Map.of("log_likelihood", "NaN"), "must be finite");
    requireRefused(Map.of("layer.1.prior_precision", "Infinity"), "must be positive");
    requireRefused(Map.of("layer.1.structure", "SPARSE"), "not valid");
    requireRefused(Map.of("layer.2.weight", "gone"), "needs tensor gone");
    requireRefused(Map.of("layer.2.bias", "scale"), "in one layer at most");
    requireRefused(Map.of("layer.2.outputs", "3"), "must have 9 values, got 6");
    requireRefused(Map.of("layer.2.outputs", "2000000000"), "fewer than 2^31");
    requireRefused(Map.of("layer.0.structure", "FULL"), "none of that name");
  }

  private void requireRefused(Map<String, String> changes, String message) throws IOException {
    Path good = folder.resolve("good.safetensors");
    Path bad = folder.resolve("bad.safetensors");
    LaplaceFiles.write(good, posterior());
    try (SafeTensors opened = SafeTensors.open(good)) {
      SafeTensorsWriter writer = new SafeTensorsWriter();
      opened
          .metadata()
          .forEach(
              (key, value) -> {
                String changed = changes.getOrDefault(key, value);
                if (!key.equals(SafeTensorsWriter.CHECKSUM) && !key.equals("header_checksum")) {
                  writer.metadata(key, changed);
                }
              });
      opened
          .entries()
          .values()
          .forEach(
              tensor ->
                  writer.tensor(
                      tensor,
                      sink -> {
                        ByteBuffer bytes =
                            ByteBuffer.allocate((int) tensor.byteSize())
                                .order(ByteOrder.LITTLE_ENDIAN);
                        opened.read(tensor, 0, bytes);
                        sink.write(bytes.flip());
                      }));
      writer.write(bad);
    }
    assertThatThrownBy(() -> LaplaceFiles.read(bad, LAYOUT))
        .as(changes.toString())
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("bad.safetensors");
  }

  @Test
  void damagedFilesAreRefusedWhateverTheDamage() throws IOException {
    Path file = folder.resolve("laplace.safetensors");
    LaplaceFiles.write(file, posterior());
    byte[] good = Files.readAllBytes(file);
    LaplacePosterior expected = posterior();
    Random random = new Random(17);
    for (int i = 0; i < 400; i++) {
      byte[] bad = i % 4 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      if (i % 4 != 0) {
        int at = random.nextInt(good.length);
        bad[at] = (byte) (bad[at] ^ 1 << random.nextInt(8));
      }
      Files.write(file, bad);
      try {
        LaplacePosterior read = LaplaceFiles.read(file, LAYOUT);
        // What gets through changed nothing, such as the name of the writing program.
        assertThat(read.sample(1, 1)).isEqualTo(expected.sample(1, 1));
        assertThat(read.logMarginalLikelihood()).isEqualTo(expected.logMarginalLikelihood());
      } catch (IOException refused) {
        assertThat(refused).hasMessageContaining("laplace.safetensors");
      }
    }
  }
}

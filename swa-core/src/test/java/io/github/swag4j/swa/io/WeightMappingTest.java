package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMappingTest {
  private static final Path CHECKPOINT = TorchGolden.file("checkpoint.pt");

  /** The network of the checkpoint under names of our own, as a model in Java has it. */
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("conv_weight", Role.WEIGHT, List.of(2L, 1L, 3L, 3L)),
              new Tensor("conv_bias", Role.BIAS, List.of(2L)),
              new Tensor("norm_gamma", Role.SCALE, List.of(2L)),
              new Tensor("norm_beta", Role.SHIFT, List.of(2L)),
              new Tensor("norm_mean", Role.RUNNING_MEAN, List.of(2L)),
              new Tensor("norm_var", Role.RUNNING_VARIANCE, List.of(2L)),
              new Tensor("dense_weight", Role.WEIGHT, List.of(3L, 32L)),
              new Tensor("dense_bias", Role.BIAS, List.of(3L))));

  private static final Map<String, String> NAMES =
      Map.of(
          "conv_weight", "0.weight",
          "conv_bias", "0.bias",
          "norm_gamma", "1.weight",
          "norm_beta", "1.bias",
          "norm_mean", "1.running_mean",
          "norm_var", "1.running_var",
          "dense_weight", "3.weight",
          "dense_bias", "3.bias");

  @TempDir private Path folder;

  private static float[] expected(String name) {
    double[] values =
        TorchGolden.doubles(
            TorchGolden.tensors("checkpoint.pt").get(name).getAsJsonObject().get("values"));
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void namesOfTheUsersFindTheTensors() throws IOException {
    try (TensorFile file = WeightFiles.open(CHECKPOINT)) {
      WeightMapping mapping = WeightMapping.byName(LAYOUT, file, NAMES::get);
      assertThat(mapping.unused())
          .extracting(StoredTensor::name)
          .containsExactly("1.num_batches_tracked");
      assertThatThrownBy(mapping::read)
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("must be used or left out by name")
          .hasMessageContaining("1.num_batches_tracked I64 []");
      Weights weights = mapping.leavingOut(name -> name.endsWith("num_batches_tracked")).read();
      for (int t = 0; t < LAYOUT.tensors().size(); t++) {
        assertThat(weights.toArray(t)).isEqualTo(expected(NAMES.get(LAYOUT.tensor(t).name())));
      }
    }
  }

  @Test
  void orderAndShapeFindTheTensorsAndSayWhich() throws IOException {
    try (TensorFile file = WeightFiles.open(CHECKPOINT)) {
      WeightMapping mapping = WeightMapping.byOrder(LAYOUT, file);
      for (WeightMapping.Pair pair : mapping.pairs()) {
        assertThat(pair.stored().name()).isEqualTo(NAMES.get(pair.tensor().name()));
      }
      assertThat(mapping.toString().lines())
          .hasSize(9)
          .startsWith("conv_weight [2, 1, 3, 3] <- 0.weight F32 [2, 1, 3, 3]")
          .endsWith("(unused) <- 1.num_batches_tracked I64 []");
    }
  }

  @Test
  void anotherOrderOfShapesIsRefusedWithTheTable() throws IOException {
    List<Tensor> tensors = new ArrayList<>(LAYOUT.tensors());
    Collections.swap(tensors, 0, 1);
    try (TensorFile file = WeightFiles.open(CHECKPOINT)) {
      assertThatThrownBy(() -> WeightMapping.byOrder(WeightLayout.of(tensors), file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("conv_bias [2] <- 0.weight F32 [2, 1, 3, 3]  does not fit")
          .hasMessageContaining("dense_bias [3] <- 3.bias F32 [3]");
      WeightLayout fewer = WeightLayout.of(LAYOUT.tensors().subList(0, 7));
      assertThatThrownBy(() -> WeightMapping.byOrder(fewer, file))
          .hasMessageContaining("(none) <- 3.bias F32 [3]");
    }
  }

  @Test
  void filesThatPythonSortedByNameAreNotMappedByOrder() throws IOException {
    WeightLayout layout =
        WeightLayout.of(List.of(new Tensor("weight", Role.WEIGHT, List.of(5L, 7L))));
    try (TensorFile file = WeightFiles.open(TorchGolden.file("epoch-0.safetensors"))) {
      assertThatThrownBy(() -> WeightMapping.byOrder(layout, file))
          .hasMessageContaining("safetensors may have another (Python's safetensors sorts");
    }
    try (TensorFile file = WeightFiles.open(TorchGolden.file("exported.pt2"))) {
      assertThatThrownBy(() -> WeightMapping.byOrder(LAYOUT, file))
          .hasMessageContaining("torch.export archive may have another");
    }
    Path ours = folder.resolve("ours.safetensors");
    Weights weights = Weights.of(layout, new float[35]);
    WeightFiles.write(ours, "average", weights, Map.of());
    try (TensorFile file = WeightFiles.open(ours)) {
      assertThat(WeightMapping.byOrder(layout, file).read()).isEqualTo(weights);
    }
  }

  @Test
  void everythingThatDoesNotFitIsListed() throws IOException {
    WeightLayout other =
        WeightLayout.of(
            List.of(
                new Tensor("0.weight", Role.WEIGHT, List.of(18L)),
                new Tensor("0.biases", Role.BIAS, List.of(2L)),
                new Tensor("1.num_batches_tracked", Role.OTHER, List.of())));
    try (TensorFile file = WeightFiles.open(CHECKPOINT)) {
      assertThatThrownBy(() -> WeightMapping.byName(other, file, UnaryOperator.identity()))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("0.weight must have shape [18], got 0.weight F32 [2, 1, 3, 3]")
          .hasMessageContaining("0.biases [2] has none, looked for 0.biases")
          .hasMessageContaining(
              "1.num_batches_tracked must have shape [], got 1.num_batches_tracked I64")
          .hasMessageContaining("unused in the file: 0.bias F32 [2]");
      assertThatThrownBy(() -> WeightMapping.byName(LAYOUT, file, name -> "0.bias"))
          .hasMessageContaining("norm_gamma must not have 0.bias, conv_weight has it");
    }
  }

  @Test
  void halfAndDoublePrecisionBecomeFloats() throws IOException {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("brain", Role.WEIGHT, List.of(9L)),
                new Tensor("double", Role.WEIGHT, List.of(3L)),
                new Tensor("half", Role.WEIGHT, List.of(9L))));
    Path path = TorchGolden.file("epoch-0.pt");
    try (TensorFile file = WeightFiles.open(path)) {
      Weights weights =
          WeightMapping.byName(layout, file, UnaryOperator.identity())
              .leavingOut(name -> true)
              .read();
      for (int t = 0; t < 3; t++) {
        List<Number> wide = TorchGolden.values(file, layout.tensor(t).name(), 9);
        for (int i = 0; i < wide.size(); i++) {
          assertThat(weights.toArray(t)[i]).isEqualTo(wide.get(i).floatValue());
        }
      }
    }
    // A double beyond the floats must not become infinite.
    WeightLayout far = WeightLayout.of(List.of(new Tensor("double", Role.WEIGHT, List.of(2L))));
    try (TensorFile file = WeightFiles.open(TorchGolden.file("types.pt"))) {
      assertThatThrownBy(
              () ->
                  WeightMapping.byName(far, file, UnaryOperator.identity())
                      .leavingOut(name -> true)
                      .read())
          .hasMessageContaining("tensor double must be finite, got -Infinity at 1");
    }
  }
}

package io.github.swag4j.swa.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("a", Role.WEIGHT, List.of(2L, 2L)),
              new Tensor("b", Role.BIAS, List.of()),
              new Tensor("none", Role.OTHER, List.of(0L))));
  private static final float[][] VALUES = {{1, -0f, Float.NaN, 4}, {5}, {}};

  @TempDir Path directory;

  @Test
  void weightsInAMappedFileAreThoseOnTheHeap() throws Exception {
    Weights mapped = Weights.mapped(LAYOUT, mapped(VALUES));
    Weights heap = Weights.of(LAYOUT, VALUES);
    assertThat(mapped).isEqualTo(heap).hasSameHashCodeAs(heap);
    assertThat(heap).isEqualTo(mapped);
    assertThat(mapped.toArray(0)).isEqualTo(VALUES[0]);
    assertThat(mapped.values(1).isDirect()).isTrue();
    assertThat(Weights.copyOf(mapped)).isSameAs(mapped);
  }

  @Test
  void aReaderOfAViewMovesNobodyElses() throws Exception {
    Weights mapped = Weights.mapped(LAYOUT, mapped(VALUES));
    FloatBuffer view = mapped.values(0);
    view.get();
    assertThat(mapped.values(0).position()).isZero();
    assertThatThrownBy(() -> mapped.values(0).put(0, 1f))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> Weights.of(LAYOUT, VALUES).values(0).put(0, 1f))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void aBufferIsTakenFromItsPositionToItsLimit() {
    FloatBuffer longer = FloatBuffer.wrap(new float[] {9, 1, 2, 3, 4, 9}).position(1).limit(5);
    Weights weights =
        Weights.mapped(
            LAYOUT, List.of(longer, FloatBuffer.wrap(new float[1]), FloatBuffer.allocate(0)));
    assertThat(weights.toArray(0)).containsExactly(1, 2, 3, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Weights.mapped(
                    LAYOUT,
                    List.of(longer.position(0), FloatBuffer.allocate(1), FloatBuffer.allocate(0))))
        .withMessage("values of a must have length 4, got 5");
  }

  @Test
  void zeroIsNotMinusZero() {
    assertThat(Weights.of(LAYOUT, new float[4], new float[1], new float[0]))
        .isNotEqualTo(Weights.of(LAYOUT, new float[] {0, -0f, 0, 0}, new float[1], new float[0]));
  }

  private List<FloatBuffer> mapped(float[][] tensors) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] tensor : tensors) {
      for (float value : tensor) {
        bytes.putFloat(value);
      }
    }
    Path file = Files.write(directory.resolve("weights"), bytes.array());
    try (FileChannel channel = FileChannel.open(file)) {
      FloatBuffer all =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, 20)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      return List.of(all.slice(0, 4), all.slice(4, 1), all.slice(5, 0));
    }
  }
}

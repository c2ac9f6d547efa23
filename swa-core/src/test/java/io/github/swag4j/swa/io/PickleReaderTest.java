package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that nobody saved. */
class PickleReaderTest {
  private static final Path FILE = Path.of("hostile.pt");

  private static Object read(String latin) throws WeightFormatException {
    byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
    return new PickleReader(FILE, ByteBuffer.wrap(bytes), new TorchObjects(key -> 16)).read();
  }

  @Test
  void plainValuesAreJavas() throws WeightFormatException {
    assertThat(read("}X\1\0\0\0aK\7sX\1\0\0\0b](K\1K\2es."))
        .isEqualTo(Map.of("a", 7L, "b", List.of(1L, 2L)));
    assertThat(read("G?\u00e0\0\0\0\0\0\0.")).isEqualTo(0.5);
    assertThat(read("\u008a\u0002\u00ff\u00ff.")).isEqualTo(-1L);
    assertThat(read("\u008a\0.")).isEqualTo(0L);
    assertThat(read("N.")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "(.",
        "R.",
        "t.",
        "K\1R.",
        "h\5.",
        "q\0.",
        "(K\1d.",
        "K\1K\2s.",
        "}K\1s.",
        "]K\1sK",
        "ccollections\nOrderedDict\nK\1R.",
        "ctorch._utils\n_rebuild_tensor_v2\n)R.",
        "K\1Q.",
        ")Q.",
        "X\u00ff\u00ff\u00ff\u007fa.",
        "X\u00ff\u00ff\u00ff\u00ffa.",
        "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffa.",
        "\u0080\u0009N.",
        "}]K\1s.",
        "}}b",
        "K\1}b.",
        "ctorch\nfloat32\n)R.",
        "\u0087.",
        "0",
        "1",
        "(0.",
        "((t1.",
        "cos"
      })
  void whatMakesNoSenseIsRefused(String pickle) {
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("hostile.pt: pickle at byte ");
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "builtins, eval",
    "builtins, getattr",
    "torch, load",
    "torch._utils, _import_dotted_name",
    "numpy.core.multiarray, _reconstruct",
    "torch.hub, load",
    "collections, OrderedDict.fromkeys",
  })
  void namesThatAreNotOnTheListAreRefused(String module, String name) {
    assertThatThrownBy(() -> read("c" + module + "\n" + name + "\n."))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("names " + module + "." + name + ", which weights do not need");
    String stacked =
        "\u008c" + (char) module.length() + module + "\u008c" + (char) name.length() + name;
    assertThatThrownBy(() -> read(stacked + "\u0093."))
        .hasMessageContaining("names " + module + "." + name);
  }

  @Test
  void nestingIsNotWalked() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          int depth = 1_000_000;
          String nested = "]".repeat(depth) + "a".repeat(depth - 1) + ".";
          assertThat(read(nested)).isInstanceOf(List.class);
          // Each tuple holds the one before twice: 2^60 to walk.
          StringBuilder doubled = new StringBuilder("}K\1");
          for (int i = 0; i < 60; i++) {
            doubled.append("q").append((char) i).append("h").append((char) i).append("\u0086");
          }
          assertThat(read(doubled + "K\1s.")).isInstanceOf(Map.class);
        });
  }

  @Test
  void millionsOfOperationsAreTooMany() {
    assertThatThrownBy(() -> read("N0".repeat(3_000_000) + "N."))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("has more than 4194304 operations");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 1", // four values of four bytes in sixteen
    "0, 2, 3",
    "3, 1, 9",
    "0, 0, 0",
    "0, 16, 0",
  })
  void viewsWithinTheirStorageAreRead(int offset, int size, int stride) throws Exception {
    TensorView view = (TensorView) read(tensor(offset, size, stride));
    assertThat(view.shape()).containsExactly((long) size);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 1",
    "1, 4, 1",
    "4, 1, 1",
    "-1, 1, 1",
    "0, -1, 1",
    "0, 2, -1",
    "0, 2, 4",
    "2147483647, 2147483647, 2147483647",
    "0, 2147483647, 2147483647",
  })
  void viewsBehindTheirStorageAreRefused(int offset, int size, int stride) {
    assertThatThrownBy(() -> read(tensor(offset, size, stride)))
        .isInstanceOf(WeightFormatException.class);
  }

  /** A float tensor of one dimension over a storage of sixteen bytes. */
  private static String tensor(int offset, int size, int stride) {
    return "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
        + "X\1\0\0\0000X\3\0\0\0cpuK\4tQ"
        + integer(offset)
        + "("
        + integer(size)
        + "t("
        + integer(stride)
        + "t\u0089}tR.";
  }

  private static String integer(int value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return "J" + bytes.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aStorageOfAnotherSizeThanTheFilesIsRefused() {
    String lying = tensor(0, 1, 1).replace("cpuK\4", "cpuK\5");
    assertThatThrownBy(() -> read(lying))
        .hasMessageContaining("says that storage 0 has 20 bytes, the file has 16");
  }
}

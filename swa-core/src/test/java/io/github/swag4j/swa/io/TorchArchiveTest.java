package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchArchiveTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types.pt",
        "protocol-4.pt",
        "legacy.pt",
        "no-checksums.pt",
        "views.pth",
        "legacy-views.pth",
        "parameters.bin",
        "checkpoint.pt",
        "legacy-checkpoint.pt",
        "exported.pt2"
      })
  void everyValueThatPyTorchSavedIsRead(String name) throws IOException {
    Map<String, JsonElement> expected = TorchGolden.tensors(name);
    try (TensorFile file = WeightFiles.open(TorchGolden.file(name))) {
      assertThat(file.entries().keySet()).containsExactlyElementsOf(order(name, expected, file));
      for (Map.Entry<String, JsonElement> e : expected.entrySet()) {
        JsonObject tensor = e.getValue().getAsJsonObject();
        StoredTensor stored = file.entries().get(e.getKey());
        assertThat(stored.type().name()).isEqualTo(tensor.get("type").getAsString());
        List<Long> shape = new ArrayList<>();
        tensor.getAsJsonArray("shape").forEach(d -> shape.add(d.getAsLong()));
        assertThat(stored.shape()).as(e.getKey()).isEqualTo(shape);
        for (int piece : new int[] {1, 5, 1000}) {
          List<Number> values = TorchGolden.values(file, e.getKey(), piece);
          List<Number> wanted = new ArrayList<>();
          tensor
              .getAsJsonArray("values")
              .forEach(
                  v ->
                      wanted.add(
                          stored.type().isInteger() ? (Number) v.getAsLong() : v.getAsDouble()));
          assertThat(values).as(e.getKey()).isEqualTo(wanted);
        }
      }
    }
  }

  /** torch.export lists parameters first, a state dict the layers. */
  private static Iterable<String> order(
      String name, Map<String, JsonElement> expected, TensorFile file) {
    if (name.endsWith(".pt2")) {
      assertThat(file.entries().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
      return file.entries().keySet();
    }
    return expected.keySet();
  }

  @Test
  void batchNormBuffersOfAnExportAreRead() throws IOException {
    try (TensorFile file = WeightFiles.open(TorchGolden.file("exported.pt2"))) {
      assertThat(file.entries())
          .containsKeys("1.running_mean", "1.running_var", "1.num_batches_tracked");
    }
  }

  @Test
  void nothingInAPickleIsExecuted() throws IOException {
    Path trace = Path.of("a-pickle-was-executed");
    Files.deleteIfExists(trace);
    assertThatThrownBy(() -> WeightFiles.open(TorchGolden.file("runs.pt")))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("runs.pt: pickle at byte")
        .hasMessageMatching(".*names (posix|nt)\\.system, which weights do not need.*");
    assertThat(trace).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "namespace.pt | names argparse.Namespace",
        "module.pt | names torch.nn.modules.container.Sequential",
        "sparse.pt | names torch._utils._rebuild_sparse_tensor",
        "conjugated.pt | conjugated or negated tensor: save its .clone()",
        "mixed.pt | must hold tensors only, epoch is none",
        "several.pt | several dicts of tensors, [ema, model]: give the name of one as the key",
        "tensor.pt | holds a tensor, it must hold a state dict",
        "script.pt | it is a TorchScript archive, a program with its weights: load it as a model",
        "big-endian.pt | byte order little, got big",
        "deflated.pt | is compressed, which torch.save never does",
      })
  void whatIsNoStateDictIsRefusedWithAReason(String name, String reason) {
    assertThatThrownBy(() -> WeightFiles.open(TorchGolden.file(name)))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(name + ": ")
        .hasMessageContaining(reason);
  }

  @Test
  void theKeyChoosesAmongSeveralDicts() throws IOException {
    Path several = TorchGolden.file("several.pt");
    try (TensorFile file = WeightFiles.open(several, Optional.of("ema"))) {
      assertThat(file.entries()).containsOnlyKeys("w", "b");
      assertThat(file.format()).isEqualTo("PyTorch state dict at ema");
    }
    assertThatThrownBy(() -> WeightFiles.open(several, Optional.of("emma")))
        .hasMessageContaining("must have a dict at emma, emma is not one of [model, ema]");
  }

  @Test
  void everyTruncationOfEveryFormatIsRefused() throws IOException {
    for (String name : List.of("parameters.bin", "legacy.pt", "exported.pt2")) {
      byte[] bytes = Files.readAllBytes(TorchGolden.file(name));
      Path cut = folder.resolve("cut.pt");
      for (int length = 0; length < bytes.length; length += name.equals("exported.pt2") ? 7 : 1) {
        Files.write(cut, java.util.Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> WeightFiles.open(cut).close())
            .as("%s cut to %d bytes", name, length)
            .isInstanceOf(WeightFormatException.class)
            .hasMessageContaining("cut.pt");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\u0089HDF\\r\\n\\u001a\\n | an HDF5 file (Keras .h5)",
        "\\u0093NUMPY\\u0001 | a NumPy array",
        "\\u001f\\u008b\\u0008 | compressed with gzip: decompress it",
        "\\u0008\\u0008\\u0012\\u0007pytorch | an ONNX model",
        "GGUF\\u0003 | a GGUF file",
        "DJL@\\u0001 | a parameter file of DJL",
        "version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS",
        "<!DOCTYPE html><html> | a web page",
        "\\u0080\\u0004\\u0095 | a Python pickle that torch.save did not write",
        "(\\u00b5/\\u00fd | compressed with zstd",
      })
  void aFileOfAnotherKindIsCalledByItsName(String start, String what) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, latin(start));
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("model.safetensors: must be a file of weights")
        .hasMessageContaining("it is " + what);
  }

  private static byte[] latin(String escaped) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.startsWith("\\u", i)) {
        text.append((char) Integer.parseInt(escaped.substring(i + 2, i + 6), 16));
        i += 5;
      } else if (escaped.startsWith("\\", i)) {
        text.append(escaped.charAt(++i) == 'r' ? '\r' : '\n');
      } else {
        text.append(escaped.charAt(i));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aTorchFileCalledSafetensorsIsReadForWhatItIs() throws IOException {
    Path file = Files.copy(TorchGolden.file("types.pt"), folder.resolve("types.safetensors"));
    try (TensorFile opened = WeightFiles.open(file)) {
      assertThat(opened.format()).isEqualTo("PyTorch state dict");
    }
  }

  @Test
  void damagedDataAreNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(TorchGolden.file("parameters.bin"));
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("data/0") + 64;
    bytes[at] ^= 1;
    Path file = Files.write(folder.resolve("flipped.pt"), bytes);
    boolean padding;
    try (TensorFile opened = WeightFiles.open(file);
        TensorFile whole = WeightFiles.open(TorchGolden.file("parameters.bin"))) {
      padding = TorchGolden.bytes(opened, "w", 9).equals(TorchGolden.bytes(whole, "w", 9));
    } catch (WeightFormatException e) {
      assertThat(e).hasMessageContaining("must have checksum").hasMessageContaining("damaged");
      return;
    }
    assertThat(padding).as("a flipped bit that is not noticed is not in the data").isTrue();
  }
}

package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new WeightLayout.Tensor("w \"ü\"", WeightLayout.Role.WEIGHT, List.of(2L, 2L)),
              new WeightLayout.Tensor("empty", WeightLayout.Role.OTHER, List.of(0L)),
              new WeightLayout.Tensor("scalar", WeightLayout.Role.BIAS, List.of())));
  private static final Weights WEIGHTS =
      Weights.of(
          LAYOUT,
          new float[] {1, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE},
          new float[0],
          new float[] {7});

  @TempDir private Path folder;

  @Test
  void readsWhatPythonWrote() throws IOException {
    JsonObject expected = Golden.read("python.safetensors.json");
    try (SafeTensors file = SafeTensors.open(Golden.file("python.safetensors"))) {
      assertThat(file.metadata().keySet()).isEqualTo(expected.getAsJsonObject("metadata").keySet());
      file.metadata()
          .forEach(
              (k, v) ->
                  assertThat(v)
                      .isEqualTo(expected.getAsJsonObject("metadata").get(k).getAsString()));
      int read = 0;
      for (Map.Entry<String, JsonElement> e : expected.getAsJsonObject("tensors").entrySet()) {
        JsonObject tensor = e.getValue().getAsJsonObject();
        StoredTensor entry = file.entries().get(e.getKey());
        assertThat(entry.type().name()).isEqualTo(tensor.get("dtype").getAsString());
        if (entry.type() == TensorType.F32) {
          assertThat(file.readFloats(e.getKey())).isEqualTo(Golden.floats(tensor.get("values")));
          read++;
        } else {
          assertThatThrownBy(() -> file.readFloats(e.getKey()))
              .isInstanceOf(WeightFormatException.class)
              .hasMessageContaining("must be F32");
        }
      }
      assertThat(read).isGreaterThan(2);
    }
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    WeightFiles.write(file, "average", WEIGHTS, Map.of("count", "3"));
    assertThat(WeightFiles.read(file, LAYOUT)).isEqualTo(WEIGHTS);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.metadata())
          .containsEntry("kind", "average")
          .containsEntry("count", "3")
          .containsEntry("layout", LAYOUT.hash())
          .containsKey("checksum");
    }
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedWithFileAndTensor() throws IOException {
    Path file = folder.resolve("diverged.safetensors");
    Weights diverged =
        Weights.of(LAYOUT, new float[] {1, 2, Float.NaN, 4}, new float[0], new float[] {7});
    WeightFiles.write(file, "average", diverged, Map.of());
    assertThatThrownBy(() -> WeightFiles.read(file, LAYOUT))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("diverged.safetensors: tensor w \"ü\" must be finite, got NaN at 2");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    WeightFiles.write(file, "average", WEIGHTS, Map.of());
    byte[] bytes = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(cut, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> SafeTensors.open(cut).close())
          .as("cut to %d bytes", length)
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("cut.safetensors");
    }
  }

  @Test
  void aFlippedBitOfTheDataIsNoticed() throws IOException {
    Path file = folder.resolve("flipped.safetensors");
    WeightFiles.write(file, "average", WEIGHTS, Map.of());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> SafeTensors.open(file).close())
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("the file is damaged");
  }

  @Test
  void damagedFilesNeverEndInAnythingButAnIoException() throws IOException {
    Path file = folder.resolve("fuzz.safetensors");
    WeightFiles.write(file, "average", WEIGHTS, Map.of("a", "b"));
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(42);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = whole.clone();
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        WeightFiles.read(file, LAYOUT);
      } catch (IOException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void weightsOfAnotherModelAreRefused() throws IOException {
    Path file = folder.resolve("other.safetensors");
    WeightFiles.write(file, "average", WEIGHTS, Map.of());
    WeightLayout other =
        WeightLayout.of(
            List.of(new WeightLayout.Tensor("w \"ü\"", WeightLayout.Role.WEIGHT, List.of(4L))));
    assertThatThrownBy(() -> WeightFiles.read(file, other))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("w \"ü\" must have shape [4], got w \"ü\" F32 [2, 2]");
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
    Path file = folder.resolve("kept.txt");
    Files.writeString(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.writeChannel(
                    file,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[10]));
                      throw new IOException("disk full");
                    }))
        .hasMessageEndingWith(": could not be written: disk full");
    assertThat(Files.readString(file)).isEqualTo("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void tensorsMustFillTheirShapes() {
    assertThatThrownBy(
            () ->
                new SafeTensorsWriter()
                    .tensor("a", List.of(3L), List.of(FloatBuffer.wrap(new float[2]))))
        .hasMessage("tensor a of shape [3] must have 3 values, got 2");
  }

  @Test
  void aLyingHeaderAllocatesNothing() throws IOException {
    Path file = folder.resolve("huge.safetensors");
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000000],\"data_offsets\":[0,4000000000000]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> SafeTensors.open(file).close())
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("the file is truncated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{'dtype':'F32','shape':[],'data_offsets':[0,4]}}", // single quotes
        "{a:{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", // a bare name
        "{/**/\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", // a comment
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}{}", // something behind
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],}}", // a comma
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[\"0\",4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}", // product fits
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}",
        "{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", // overlap
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}", // twice
        "{\"__metadata__\":{\"n\":1},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"__metadata__\":{\"n\":\"1\",\"n\":\"2\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "\ufeff{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\tb\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}}",
        "[]",
        "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
      })
  void headersAreReadStrictly(String header) throws IOException {
    assertThatThrownBy(() -> SafeTensors.open(withHeader(header)).close())
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("header.safetensors: ");
  }

  @Test
  void theHeaderThoseWereMadeFromIsRead() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}  ";
    try (SafeTensors file = SafeTensors.open(withHeader(header))) {
      assertThat(file.readFloats("a")).containsExactly(0);
    }
  }

  /** 123 is the brace with which an index begins. */
  @Test
  void aHeaderOf123BytesIsNotTakenForAnIndex() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}";
    header += " ".repeat('{' - header.length());
    try (TensorFile file = WeightFiles.open(withHeader(header))) {
      assertThat(file.format()).isEqualTo("safetensors");
    }
  }

  /** A file with a header and four bytes of data. */
  private Path withHeader(String header) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    return Files.write(folder.resolve("header.safetensors"), bytes.array());
  }

  @Test
  void aBufferIsWrittenFromItsPositionToItsLimit() throws IOException {
    FloatBuffer part = FloatBuffer.wrap(new float[] {9, 1, 2, 9}).position(1).limit(3);
    Path file = folder.resolve("part.safetensors");
    new SafeTensorsWriter().tensor("a", List.of(2L), List.of(part)).write(file);
    try (SafeTensors opened = SafeTensors.open(file)) {
      assertThat(opened.readFloats("a")).containsExactly(1, 2);
    }
  }

  @Test
  void negativeDimensionsWhoseProductFitsAreRefused() {
    assertThatThrownBy(
            () ->
                new SafeTensorsWriter()
                    .tensor("a", List.of(-1L, -4L), List.of(FloatBuffer.wrap(new float[4]))))
        .hasMessage("shape of a must have dimensions of at least 0, got [-1, -4]");
  }

  @Test
  void weightsThatChangeWhileTheyAreWrittenStillMakeAFileThatOpens() throws Exception {
    float[] live = new float[3_000_000];
    Path file = folder.resolve("live.safetensors");
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .tensor("a", List.of((long) live.length), List.of(FloatBuffer.wrap(live)));
    AtomicBoolean done = new AtomicBoolean();
    Thread training =
        new Thread(
            () -> {
              for (int i = 0; !done.get(); i++) {
                live[i % live.length]++;
              }
            });
    training.start();
    try {
      writer.write(file);
      SafeTensors.open(file).close();
    } finally {
      done.set(true);
      training.join();
    }
  }

  @Test
  void contentOfAnotherSizeThanItsTensorIsNotWritten() {
    Path file = folder.resolve("short.safetensors");
    StoredTensor tensor = new StoredTensor("a", TensorType.F32, List.of(2L));
    assertThatThrownBy(
            () ->
                new SafeTensorsWriter()
                    .tensor(tensor, sink -> sink.write(ByteBuffer.allocate(4)))
                    .write(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("content of a F32 [2] must be 8 bytes, got 4");
    assertThat(file).doesNotExist();
  }
}

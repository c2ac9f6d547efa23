package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives made to harm, with checksums that fit. */
class HostileArchiveTest {
  @TempDir private Path folder;

  private Path archive(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("hostile.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry("a/" + e.getKey());
        CRC32 crc = new CRC32();
        crc.update(e.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(e.getValue().length);
        zip.putNextEntry(entry);
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A dict of one float tensor of one dimension over storage 0 of sixteen bytes. */
  private static String tensor(String size, String stride) {
    return "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
        + "X\1\0\0\0000X\3\0\0\0cpuK\4tQK\0("
        + size
        + "t("
        + stride
        + "t\u0089}tRs.";
  }

  @Test
  void aTensorOfFourValuesIsRead() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", latin(tensor("K\2", "K\3")));
    entries.put("data/0", new byte[16]);
    try (TensorFile file = WeightFiles.open(archive(entries))) {
      assertThat(file.entries().get("w").shape()).containsExactly(2L);
    }
  }

  @Test
  void anExpandedTensorIsNotWrittenOut() throws IOException {
    // 2^40 times the same value, by stride 0.
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", latin(tensor("\u008a\6\0\0\0\0\0\1", "K\0")));
    entries.put("data/0", new byte[16]);
    Path file = archive(entries);
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("tensors must not be larger than the file")
        .hasMessageContaining("save their .clone()");
  }

  @Test
  void aStorageThatIsNotThereIsRefused() throws IOException {
    Path file = archive(Map.of("data.pkl", latin(tensor("K\2", "K\1"))));
    assertThatThrownBy(() -> WeightFiles.open(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("must have an entry a/data/0");
  }

  @Test
  void anExportThatIsNotAsItShouldBeIsRefusedByItsFile() throws IOException {
    for (String config :
        List.of(
            "",
            "{",
            "[]",
            "{\"config\":{}}",
            "{\"config\":{\"w\":{}}}",
            "{\"config\":{\"w\":{\"path_name\":\"0\",\"use_pickle\":false,\"tensor_meta\":{}}}}",
            "{\"config\":{\"w\":{\"path_name\":\"../0\",\"use_pickle\":false}}}",
            "{\"config\":{\"w\":{\"path_name\":\"0\",\"use_pickle\":true}}}",
            "[".repeat(100_000))) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      entries.put("data/weights/model_weights_config.json", latin(config));
      entries.put("data/weights/0", new byte[16]);
      Path file = archive(entries);
      assertThatThrownBy(() -> WeightFiles.open(file))
          .as(config.substring(0, Math.min(80, config.length())))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("hostile.pt");
    }
  }

  /** Gson's tree read 1.5 as 1, took the second of two and put U+FFFD for what is not UTF-8. */
  @Test
  void theJsonOfAnExportIsReadStrictlyAndExactly() throws IOException {
    String good =
        "{\"config\":{\"w\":{\"path_name\":\"0\",\"use_pickle\":false,\"tensor_meta\":{\"dtype\":7,"
            + "\"sizes\":[{\"as_int\":2}],\"strides\":[{\"as_int\":1}],\"layout\":7,\"device\":null,"
            + "\"storage_offset\":{\"as_int\":0}}}}}";
    try (TensorFile file = WeightFiles.open(export(good))) {
      assertThat(file.entries().get("w").shape()).containsExactly(2L);
    }
    for (Map.Entry<String, String> e :
        Map.of(
                good.replace("{\"as_int\":2}", "{\"as_int\":1.5}"),
                "as_int must be a whole number",
                good.replace("{\"as_int\":2}", "{\"as_int\":\"2\"}"),
                "as_int must be a whole number",
                good.replace("\"dtype\":7", "\"dtype\":6,\"dtype\":7"),
                "\"dtype\" given twice",
                good.replace("\"w\"", "\"\u00fc\""),
                "JSON must be UTF-8",
                good + "{}",
                "not JSON as RFC 8259 defines it")
            .entrySet()) {
      Path file = export(e.getKey());
      assertThatThrownBy(() -> WeightFiles.open(file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("hostile.pt")
          .hasMessageContaining(e.getValue());
    }
  }

  private Path export(String config) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data/weights/model_weights_config.json", latin(config));
    entries.put("data/weights/0", new byte[16]);
    return archive(entries);
  }

  @Test
  void otherZipArchivesAreCalledByTheirName() throws IOException {
    for (Map.Entry<String, String> e :
        Map.of(
                "x.npy", "a NumPy .npz archive",
                "readme.txt", "a zip archive without data.pkl",
                "constants.pkl", "a TorchScript archive",
                "data/aotinductor/model.so", "a compiled program",
                "serialized_state_dict.pt", "a torch.export archive of before torch 2.8")
            .entrySet()) {
      Path file = archive(Map.of(e.getKey(), new byte[1]));
      assertThatThrownBy(() -> WeightFiles.open(file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("it is " + e.getValue());
    }
  }

  /** No checksum stands between these pickles and their reader. */
  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void changedPicklesAreReadOrRefused(
      @ForAll("files") String name, @ForAll List<Byte> bytes, @ForAll("places") List<Double> places)
      throws IOException {
    byte[] pickle = PICKLES.get(name).clone();
    for (int i = 0; i < Math.min(bytes.size(), places.size()); i++) {
      pickle[(int) (places.get(i) * (pickle.length - 1))] = bytes.get(i);
    }
    Path file = Path.of(name);
    try {
      Object read =
          new PickleReader(file, ByteBuffer.wrap(pickle), new TorchObjects(key -> -1)).read();
      assertThat(StateDict.find(file, read, Optional.empty()).tensors()).isNotEmpty();
    } catch (WeightFormatException expected) {
      assertThat(expected).hasMessageStartingWith(name + ": ");
    }
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(PICKLES.keySet());
  }

  @Provide
  Arbitrary<List<Double>> places() {
    return Arbitraries.doubles().between(0, 1).list().ofMaxSize(6);
  }

  private static final Map<String, byte[]> PICKLES = new LinkedHashMap<>();

  static {
    for (String name : List.of("types.pt", "protocol-4.pt", "checkpoint.pt", "views.pth")) {
      Path file = TorchGolden.file(name);
      String root = name.substring(0, name.indexOf('.'));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        PICKLES.put(name, StoredZip.open(file, channel).bytes(root + "/data.pkl", 1 << 20));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

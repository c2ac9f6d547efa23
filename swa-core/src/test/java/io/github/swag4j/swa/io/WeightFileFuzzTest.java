package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged files: an {@link IOException}, or what was there before the damage; never a crash, a hang
 * or another number.
 */
class WeightFileFuzzTest {

  /** Their checksums cover all data and pickles. */
  private static final List<String> CHECKED =
      List.of("parameters.bin", "views.pth", "exported.pt2");

  private static final List<String> UNCHECKED =
      List.of("legacy-checkpoint.pt", "no-checksums.pt", "epoch-0.safetensors");

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("weight-fuzz");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** Bytes to change: where, as a share of the file, and to what. */
  record Damage(List<Double> places, List<Byte> bytes, double kept, boolean cut) {}

  @Provide
  Arbitrary<Damage> damages() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1).list().ofMinSize(1).ofMaxSize(4),
            Arbitraries.bytes().list().ofSize(4),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.integers().between(0, 9))
        .as((places, bytes, kept, cut) -> new Damage(places, bytes, kept, cut == 0));
  }

  @Property(tries = 2500, edgeCases = EdgeCasesMode.NONE)
  void damageOfAFileWithChecksumsIsNoticedOrHarmless(
      @ForAll("damages") Damage damage, @ForAll("checked") String name) throws IOException {
    Map<String, ByteBuffer> whole = readAll(TorchGolden.file(name));
    try {
      assertThat(readAll(damaged(name, damage))).isEqualTo(whole);
    } catch (IOException expected) {
      assertThat(expected).hasMessageContaining(name);
    }
  }

  @Property(tries = 2500, edgeCases = EdgeCasesMode.NONE)
  void damageOfAnyFileEndsInAnIoExceptionAtWorst(
      @ForAll("damages") Damage damage, @ForAll("unchecked") String name) throws IOException {
    try {
      assertThat(readAll(damaged(name, damage))).isNotEmpty();
    } catch (IOException expected) {
      assertThat(expected).hasMessageContaining(name);
    }
  }

  @Provide
  Arbitrary<String> checked() {
    return Arbitraries.of(CHECKED);
  }

  @Provide
  Arbitrary<String> unchecked() {
    return Arbitraries.of(UNCHECKED);
  }

  private static Path damaged(String name, Damage damage) throws IOException {
    byte[] bytes = Files.readAllBytes(TorchGolden.file(name));
    for (int i = 0; i < damage.places().size(); i++) {
      bytes[(int) (damage.places().get(i) * (bytes.length - 1))] = damage.bytes().get(i);
    }
    int length = damage.cut() ? (int) (damage.kept() * bytes.length) : bytes.length;
    return Files.write(folder.resolve(name), java.util.Arrays.copyOf(bytes, length));
  }

  private static Map<String, ByteBuffer> readAll(Path path) throws IOException {
    try (TensorFile file = WeightFiles.open(path)) {
      Map<String, ByteBuffer> all = new LinkedHashMap<>();
      for (String name : file.entries().keySet()) {
        all.put(name, TorchGolden.bytes(file, name, 1000));
      }
      return all;
    }
  }
}

package io.github.swag4j.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void threadsWritingOneFileLeaveOneWholeFile() throws Exception {
    Path file = folder.resolve("shared.txt");
    var barrier = new CyclicBarrier(4);
    var pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writes = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        byte[] text = String.valueOf(t).repeat(100_000).getBytes(StandardCharsets.UTF_8);
        writes.add(
            pool.submit(
                () -> {
                  AtomicFile.write(
                      file,
                      out -> {
                        awaitOthers(barrier);
                        out.write(text);
                      });
                  return null;
                }));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    } finally {
      pool.shutdownNow();
    }
    String got = Files.readString(file);
    assertThat(got).hasSize(100_000).isEqualTo(got.substring(0, 1).repeat(100_000));
    assertOnly(file);
  }

  private static void awaitOthers(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void partsOfDeadProcessesAreRemovedAndThoseOfLivingOnesKept() throws Exception {
    Path file = folder.resolve("weights.bin");
    Process gone = new ProcessBuilder(java(), "-version").redirectErrorStream(true).start();
    gone.getInputStream().readAllBytes();
    gone.waitFor();
    Path dead = part(file, gone.pid());
    Path living = part(file, ProcessHandle.current().pid());
    Path ofAnotherFile = part(folder.resolve("weights"), gone.pid());
    Path notOurs = Files.createFile(folder.resolve(".weights.bin.backup.part"));
    AtomicFile.write(file, out -> out.write(1));
    assertThat(dead).doesNotExist();
    assertThat(living).exists();
    assertThat(ofAnotherFile).exists();
    assertThat(notOurs).exists();
  }

  @Test
  void aNumberGivenToANewProcessIsNotTakenForTheOldOne() throws IOException {
    Path file = folder.resolve("weights.bin");
    Path old = part(file, ProcessHandle.current().pid());
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    AtomicFile.write(file, out -> out.write(1));
    assertThat(old).doesNotExist();
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.writeChannel(
                    file,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[100]));
                      throw new IOException("disk full");
                    }))
        .hasMessage(file + ": could not be written: disk full");
    assertThat(file).hasContent("old");
    assertOnly(file);
  }

  private static Path part(Path file, long process) throws IOException {
    return Files.createFile(
        file.resolveSibling(
            "." + file.getFileName() + "." + process + "." + UUID.randomUUID() + ".part"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  @Test
  void aLinkToAFolderIsAFolderAndAFileInTheWayIsNamed() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path file = Files.writeString(folder.resolve("file"), "kept");
    assertThatThrownBy(() -> AtomicFile.write(file.resolve("p"), out -> out.write(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its folder must be a folder, got a file " + file);
    assertThat(file).hasContent("kept");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    AtomicFile.write(link.resolve("p"), out -> out.write('x'));
    assertThat(real.resolve("p")).hasContent("x");
  }

  private void assertOnly(Path file) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** The system says four words, and not of which file. */
  @Test
  void aFullDiskNamesTheFileThatWasWritten() throws IOException {
    Path file = folder.resolve("large.safetensors");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": could not be written: No space left on device");
    assertThatThrownBy(
            () ->
                AtomicFile.writeChannel(
                    file,
                    channel -> {
                      throw new IOException("other.csv: row 4 is not a number");
                    }))
        .hasMessage("other.csv: row 4 is not a number");
    assertThat(file).doesNotExist();
  }
}

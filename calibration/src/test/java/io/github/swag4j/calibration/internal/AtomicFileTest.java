package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.ood.DetectorFiles;
import io.github.swag4j.calibration.ood.KlMatching;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
  void everyWriterMakesMissingFoldersAndFilesOfOrdinaryPermissions() throws IOException {
    Path csv = folder.resolve("new/csv/p.csv");
    Path npz = folder.resolve("new/npz/p.npz");
    Path detector = folder.resolve("new/detector/d.bin");
    PredictionFiles.write(csv, Fixtures.inDistribution());
    PredictionFiles.write(npz, Fixtures.inDistribution());
    DetectorFiles.write(detector, KlMatching.fit(Fixtures.inDistribution()));
    DetectorFiles.write(detector, KlMatching.fit(Fixtures.inDistribution()));
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    for (Path file : List.of(csv, npz, detector)) {
      assertThat(permissions(file)).as(file.toString()).isEqualTo(permissions(ordinary));
    }
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

  /** Who may read and write; where the system has no such thing, whether we may. */
  private static String permissions(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix")
        ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
        : Files.isReadable(file) + " " + Files.isWritable(file);
  }

  private void assertOnly(Path file) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}

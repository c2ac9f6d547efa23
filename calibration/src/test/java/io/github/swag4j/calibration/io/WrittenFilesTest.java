package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.ood.features.DetectorFiles;
import io.github.swag4j.calibration.ood.features.KlMatching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenFilesTest {
  @TempDir Path folder;

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

  /** Who may read and write; where the system has no such thing, whether we may. */
  private static String permissions(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix")
        ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
        : Files.isReadable(file) + " " + Files.isWritable(file);
  }
}

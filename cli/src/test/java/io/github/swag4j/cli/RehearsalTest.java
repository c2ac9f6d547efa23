package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands whose classes go into the launcher's archive. */
class RehearsalTest {
  @TempDir private Path folder;

  @Test
  void everyRehearsedCommandWorks() throws IOException {
    assertThat(Rehearsal.run(folder)).isEmpty();
    assertThat(folder.resolve("report/report.html")).isNotEmptyFile();
  }
}

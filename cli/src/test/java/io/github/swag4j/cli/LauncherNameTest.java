package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a checkout nothing on the path is called swag4j, and what the program says is typed. */
class LauncherNameTest {
  private static final String PROPERTY = "swag4j.command";

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void whatToTypeNextIsWhatWasTyped() throws IOException {
    System.setProperty(PROPERTY, "./swag4j");
    Cli help = Cli.run("train", "--help");
    assertThat(help.out()).contains("Usage: ./swag4j train", "  ./swag4j train --data fashion");
    assertThat(help.out()).doesNotContain("  swag4j ");
    assertThat(Cli.run("evaluate", "--nonsense").err()).contains("see './swag4j evaluate --help'");
    Files.createDirectories(folder.resolve("empty"));
    assertThat(Cli.run("predict", folder.resolve("empty").toString()).err())
        .contains("make one with './swag4j train'");
    assertThat(CheckpointOptions.resuming(List.of("train", "--out", "run")))
        .isEqualTo("./swag4j train --out run --resume");
    System.setProperty(PROPERTY, "/my home/swag4j");
    assertThat(CheckpointOptions.resuming(List.of("train")))
        .isEqualTo("\"/my home/swag4j\" train --resume");
  }

  @Test
  void withoutAScriptItIsTheProgramsName() {
    assertThat(Cli.run("train", "--help").out()).contains("Usage: swag4j train");
  }
}

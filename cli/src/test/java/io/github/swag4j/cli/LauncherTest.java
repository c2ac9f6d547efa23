package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that starts the program. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  @TempDir private Path jdk;

  /** Runs the launcher on a JDK that does nothing but say its version. */
  private Cli run(String says) throws IOException, InterruptedException {
    Path java = jdk.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\n" + says + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessBuilder launcher = new ProcessBuilder("../swag4j", "--version");
    launcher.environment().put("JAVA_HOME", jdk.toString());
    Process process = launcher.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Cli(process.waitFor(), out, err);
  }

  private void isRefused(Cli cli, String version) {
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(cli.err())
        .contains("needs a JDK of version 17 or newer")
        .contains("is of version " + version + ": set JAVA_HOME");
  }

  @Test
  void javaThatIsTooOldIsNamedInOneLine() throws IOException, InterruptedException {
    isRefused(run("echo 'openjdk version \"1.8.0_392\"' >&2"), "8");
    isRefused(run("echo 'openjdk version \"11.0.2\" 2019-01-15' >&2"), "11");
    Files.writeString(jdk.resolve("release"), "X=\"1\"\nJAVA_VERSION=\"16.0.1\"\n");
    isRefused(run("exit 3"), "16");
  }
}

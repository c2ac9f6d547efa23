package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two programs must not write into one directory at once. */
class RunLockTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();
  private final PrintWriter err = new PrintWriter(said, true);

  /** Locks the folder in its argument, says so, and stays until its input ends. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
      try (RunLock lock = RunLock.of(Path.of(args[0]), err)) {
        System.out.write('!');
        System.out.flush();
        int ended = System.in.read();
        assertThat(lock).isNotNull();
        assertThat(ended).isEqualTo(-1);
      }
    }
  }

  private Process hold(Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('!');
    return process;
  }

  @Test
  void whileAProgramWritesAnotherIsRefusedAndTheDeadHoldNothing() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    Process first = hold(out);
    String owner = "another does (process " + first.pid() + ", since 20";
    assertThatThrownBy(() -> RunLock.of(out, err))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(owner)
        .hasMessageContaining("wait until it is done, or name another --out");
    for (List<String> more :
        List.of(List.<String>of(), List.of("--overwrite"), List.of("--resume"))) {
      List<String> words = new ArrayList<>(List.of("train", "--data", "quickstart", "--out"));
      words.add(out.toString());
      words.addAll(more);
      Cli cli = Cli.run(words.toArray(String[]::new));
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err().lines()).hasSize(1);
      assertThat(cli.err()).contains(owner);
    }
    first.destroyForcibly().waitFor();
    RunLock lock = RunLock.of(out, err);
    assertThatThrownBy(() -> RunLock.of(out, err)).hasMessageContaining("this one");
    assertThatThrownBy(() -> RunLock.requireFree(out)).hasMessageContaining("this one");
    // That refusal must not have let go of it: closing a file unlocks it in the whole process.
    assertThatThrownBy(() -> hold(out)).isInstanceOf(AssertionError.class);
    lock.close();
    RunLock.of(out, err).close();
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void theFileOfALockIsNothingInTheWay() throws IOException {
    Path out = Files.createDirectory(folder.resolve("left"));
    RunLock.of(out, err).close();
    RunDirectory run = RunDirectory.create(out, false);
    run.deleteIfEmpty();
    assertThat(out).doesNotExist();
  }
}

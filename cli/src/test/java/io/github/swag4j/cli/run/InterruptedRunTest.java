package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.cli.Cli;
import io.github.swag4j.cli.Main;
import io.github.swag4j.cli.RunCopy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs in processes of their own that are killed, told to end, or damaged, and gone on with. */
class InterruptedRunTest {
  private static final int KILLS = 20;
  private static final int CHAINS = 2;
  private static final int EPOCHS = 12;
  private static final long SEED = 20_261_128;

  @TempDir private static Path folder;
  private static Path images;
  private static Path whole;

  @BeforeAll
  static void trainWithoutInterruption() throws IOException {
    images = Shapes.write(folder.resolve("shapes"), 60, 30);
    whole = folder.resolve("whole");
    Cli cli = Cli.run(train(whole));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(whole.resolve("training")).doesNotExist();
  }

  private static String[] train(Path out, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", images.toString(), "--out", out.toString(), "--epochs"));
    words.addAll(List.of("" + EPOCHS, "--swa-start", "6", "--rank", "5", "--samples", "2"));
    words.addAll(List.of("--method", "sgd,swa,swag,multiswag,ensemble,fge", "--members", "2"));
    words.addAll(List.of("--batch-size", "16", "--threads", "1", "--model", "cnn-small"));
    words.addAll(List.of("--scale", "auto"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static Process start(Path err, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    return process
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(err.toFile())
        .start();
  }

  /** Everything a run says, but when its page was made. */
  private static void assertSameBits(Path run) throws IOException {
    for (String file :
        List.of(
            "checkpoints/sgd.safetensors",
            "checkpoints/swa.safetensors",
            "checkpoints/batch-norm.safetensors",
            "posterior.safetensors",
            "members/2/sgd.safetensors",
            "members/2/posterior.safetensors",
            "snapshots/epoch-000007.safetensors",
            "snapshots/epoch-000011.safetensors",
            "history.json",
            "scale.json",
            "metrics.json",
            "predictions/swag-shapes.npz",
            "predictions/ensemble-shapes.npz",
            "predictions/fge-shapes.npz")) {
      assertThat(run.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    assertThat(run.resolve("training")).doesNotExist();
  }

  /**
   * Of several networks and all trainings: killed, as by kill -9, up to 0.4 s after the first
   * checkpoint of each process was begun or finished, at moments drawn from the seed above. Two
   * chains of runs at a time, as most of a process's life is the loading of its classes.
   */
  @Test
  void killedAtTwentyRandomMomentsARunEndsInTheSameBits() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CHAINS);
    try {
      List<Future<Integer>> finished = new ArrayList<>();
      for (int c = 0; c < CHAINS; c++) {
        int chain = c;
        finished.add(threads.submit(() -> kill("killed-" + chain, new Random(SEED + chain))));
      }
      for (Future<Integer> runs : finished) {
        assertThat(runs.get()).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Goes on with a run, or begins another, until its share of the kills is done. */
  private static int kill(String name, Random random) throws Exception {
    int finished = 0;
    int kills = 0;
    Path run = folder.resolve(name + "-0");
    while (kills < KILLS / CHAINS || Files.exists(run)) {
      Path err = folder.resolve(name + ".err");
      Process process = start(err, train(run, "--resume"));
      if (kills < KILLS / CHAINS && !exitsWithin(process, run, random.nextInt(400))) {
        process.destroyForcibly().waitFor();
        kills++;
      } else {
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        assertSameBits(run);
        run = folder.resolve(name + "-" + ++finished);
      }
    }
    return finished;
  }

  /** Waits until the process saves, then for some time more. */
  private static boolean exitsWithin(Process process, Path run, long milliseconds)
      throws IOException, InterruptedException {
    String before = saved(run);
    while (process.isAlive() && saved(run).equals(before)) {
      process.waitFor(2, TimeUnit.MILLISECONDS);
    }
    return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
  }

  private static String saved(Path run) throws IOException {
    Path training = run.resolve("training");
    if (!Files.isDirectory(training)) {
      return "";
    }
    StringBuilder names = new StringBuilder();
    try (DirectoryStream<Path> checkpoints = Files.newDirectoryStream(training)) {
      checkpoints.forEach(c -> names.append(c.getFileName()));
    }
    return names.toString();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
  void toldToEndItSaysHowToGoOn() throws Exception {
    Path run = folder.resolve("told to end");
    Path err = folder.resolve("told.err");
    Process process = start(err, train(run));
    while (process.isAlive() && !saved(run).contains("checkpoint-000000002")) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    // A process begun in the background of a shell inherits that Ctrl-C is not meant for it.
    String signal = ignoresInterrupts(process.pid()) ? "TERM" : "INT";
    assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor())
        .isZero();
    assertThat(process.waitFor()).isEqualTo(signal.equals("INT") ? 130 : 143);
    List<String> said =
        Files.readString(err).lines().filter(line -> line.matches("swag4j: (?!note).*")).toList();
    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .matches("swag4j: interrupted with \\d+ of 42 epochs saved: go on with 'swag4j train .*")
        .contains("--out \"" + run + "\"")
        .endsWith(" --resume'");
    assertThat(Cli.run(train(run)).err())
        .contains("has a run that was interrupted: go on with --resume, or say --overwrite");
    Cli resumed = Cli.run(train(run, "--resume"));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertSameBits(run);
    // As if killed while it removed its checkpoints.
    Files.createDirectories(run.resolve(".training.old/checkpoint-000000042"));
    Cli again = Cli.run(train(run, "--resume"));
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("is finished: there is nothing to resume");
    assertThat(run.resolve(".training.old")).doesNotExist();
  }

  private static boolean ignoresInterrupts(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readString(status)
        .lines()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  /** The one interrupted run, copied by the tests that go on with it. */
  private static Path interrupted(String name) throws Exception {
    Path run = folder.resolve("interrupted");
    if (!Files.exists(run)) {
      Path err = folder.resolve("interrupted.err");
      Process process = start(err, train(run));
      while (process.isAlive() && !saved(run).contains("checkpoint-000000004")) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      assertThat(saved(run)).as(Files.readString(err)).contains("checkpoint-");
    }
    return RunCopy.of(run, folder.resolve(name));
  }

  private static Path newest(Path run) throws IOException {
    try (var checkpoints = Files.list(run.resolve("training"))) {
      return checkpoints
          .filter(c -> c.getFileName().toString().startsWith("checkpoint-"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  @Test
  void aDamagedNewestCheckpointFallsBackToTheOneBeforeAndSaysSo() throws Exception {
    Path run = interrupted("damaged");
    Path state = newest(run).resolve("training.safetensors");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length / 2] ^= 4;
    Files.write(state, bytes);
    Cli cli = Cli.run(train(run, "--resume"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err())
        .contains("Passed over a damaged checkpoint, going on from the one before: ")
        .contains(state.getParent().getFileName() + ": a file must be as listed");
    assertSameBits(run);
  }

  @Test
  void otherOptionsOrDataAreRefusedByName() throws Exception {
    Path run = interrupted("other");
    String before = saved(run);
    for (List<String> other :
        List.of(
            List.of("--seed", "2"),
            List.of("--momentum", "0.5"),
            List.of("--validation", "7"),
            List.of("--dropout", "0.1"),
            List.of("--swa-learning-rate", "0.02"))) {
      String[] words = train(run, "--resume", other.get(0), other.get(1));
      Cli cli = Cli.run(words);
      assertThat(cli.code()).as("%s: %s", other, cli.err()).isEqualTo(2);
      assertThat(cli.err()).contains("swag4j: " + other.get(0) + " must be ");
      assertThat(cli.err()).contains(" as in the run to resume, got " + other.get(1));
    }
    Shapes.split(images, "t10k", 30, 1);
    try {
      Cli cli = Cli.run(train(run, "--resume"));
      assertThat(cli.code()).isEqualTo(1);
      assertThat(cli.err()).contains("test data must be the 30 rows of shapes");
    } finally {
      Shapes.split(images, "t10k", 30, 0);
    }
    assertThat(saved(run)).isEqualTo(before);
    Cli cli = Cli.run(train(run, "--resume"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertSameBits(run);
  }

  @Test
  void whatIsNoInterruptedRunIsRefused() throws IOException {
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("notes.txt"), "mine");
    Cli cli = Cli.run(train(foreign, "--resume"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("must be the directory of a run that was interrupted");
    assertThat(foreign.resolve("training")).doesNotExist();
    assertThat(Cli.run(train(foreign, "--resume", "--overwrite")).code()).isEqualTo(2);
    assertThat(Cli.run(train(foreign, "--keep", "1")).err())
        .contains("--keep must be at least 2, one to fall back to, got 1");
  }

  @Test
  void everySettingOfARunHasAnOption() {
    String help = Cli.run("train", "--help").out();
    RunConfig config =
        new RunConfig(
            RunConfig.Data.of("quickstart"),
            RunConfig.MODEL,
            false,
            RunConfig.Optimiser.of(3),
            RunConfig.Averaging.from(1),
            new RunConfig.Prediction(1, null),
            1,
            1);
    assertThat(ConfigDifference.leaves(config).keySet())
        .filteredOn(place -> !place.equals("data.order"))
        .hasSize(30)
        .allSatisfy(place -> assertThat(help).contains(" " + ConfigDifference.option(place)));
  }
}

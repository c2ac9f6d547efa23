package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.page.PredictionMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** evaluate on files that need not fit in memory, and on columns that are no classes. */
class StreamedEvaluationTest {
  private static final int CLASSES = 5;

  @TempDir private static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    Predictions small = predictions(3000);
    PredictionFiles.write(folder.resolve("small.csv"), small);
    PredictionFiles.write(folder.resolve("small.npz"), small);
  }

  private static Predictions predictions(int rows) {
    Random random = new Random(rows);
    float[] p = new float[rows * CLASSES];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      float[] row = new float[CLASSES];
      float sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        row[k] = (float) Math.exp(2 * random.nextGaussian());
        sum += row[k];
      }
      for (int k = 0; k < CLASSES; k++) {
        p[r * CLASSES + k] = row[k] / sum;
      }
      labels[r] = random.nextInt(CLASSES);
    }
    return Predictions.builder().probabilities(p, CLASSES).labels(labels).build();
  }

  private static JsonObject json(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
    return JsonParser.parseString(cli.out()).getAsJsonObject();
  }

  @ParameterizedTest
  @CsvSource({"small.csv, guo", "small.npz, guo", "small.csv, torchmetrics", "small.npz, mapie"})
  void streamedNumbersAreThoseInMemoryOrNull(String name, String convention) {
    String file = folder.resolve(name).toString();
    String[] command = {"evaluate", file, "--bins", "20", "--convention", convention};
    Cli streaming = Cli.run(with(command, "--stream", "--json"));
    JsonObject streamed = json(streaming);
    JsonObject inMemory = json(Cli.run(with(command, "--json")));
    assertThat(streamed.keySet()).containsExactlyElementsOf(inMemory.keySet());
    for (Map.Entry<String, JsonElement> e : inMemory.entrySet()) {
      JsonElement got = streamed.get(e.getKey());
      if (PredictionMetrics.OF_ALL_ROWS.contains(e.getKey())) {
        assertThat(got.isJsonNull()).as(e.getKey()).isTrue();
        assertThat(streaming.err()).contains(e.getKey());
      } else if (e.getValue().isJsonPrimitive() && e.getValue().getAsJsonPrimitive().isNumber()) {
        assertThat(got.getAsDouble())
            .as(e.getKey())
            .isCloseTo(e.getValue().getAsDouble(), within(1e-12));
      } else {
        assertThat(got).isEqualTo(e.getValue());
      }
    }
    assertThat(Cli.run(with(command, "--stream")).out()).isEqualTo(Cli.run(command).out());
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aPairOfNpyFilesIsJudgedInMemoryAndStreamed() throws IOException {
    Predictions p = PredictionFiles.read(folder.resolve("small.npz"));
    Path values = folder.resolve("probs.npy");
    Path labels = folder.resolve("labels.npy");
    try (ZipFile npz = new ZipFile(folder.resolve("small.npz").toFile())) {
      Files.copy(npz.getInputStream(npz.getEntry("probs.npy")), values);
      Files.copy(npz.getInputStream(npz.getEntry("labels.npy")), labels);
    }
    String[] pair = {"evaluate", values.toString(), "--labels", labels.toString(), "--json"};
    JsonObject inMemory = json(Cli.run(pair));
    assertThat(inMemory.get("n").getAsInt()).isEqualTo(p.rows());
    assertThat(inMemory.get("ece").getAsDouble()).isEqualTo(CalibrationError.of(p).ece());
    JsonObject streamed = json(Cli.run(pair[0], pair[1], pair[2], pair[3], "--json", "--stream"));
    assertThat(streamed.get("ece").getAsDouble())
        .isCloseTo(inMemory.get("ece").getAsDouble(), within(1e-12));
    Cli alone = Cli.run("evaluate", values.toString());
    assertThat(alone.code()).isEqualTo(1);
    assertThat(alone.err()).contains("got none: name their file with --labels");
    Cli csv = Cli.run("evaluate", folder.resolve("small.csv") + "", "--labels", pair[3]);
    assertThat(csv.code()).isEqualTo(2);
    Cli swapped = Cli.run("evaluate", pair[3], "--labels", pair[1]);
    assertThat(swapped.err()).contains("labels.npy: the elements must be float16");
  }

  @Test
  void aFileLargerThanTheHeapIsStreamedAndThisIsSaid() throws IOException, InterruptedException {
    Path file = folder.resolve("large.npz");
    PredictionFiles.write(file, predictions(1_000_000));
    assertThat(Files.size(file)).isGreaterThan(24L << 20);
    List<String> heap = List.of("-Xmx24m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    Cli small = Cli.runInNewProcess(folder, heap, "evaluate", file.toString(), "--json");
    JsonObject streamed = json(small);
    assertThat(small.err().lines()).hasSize(2);
    assertThat(small.err())
        .contains("all metrics of 1,000,000 rows of 5 classes need about 157 MB of heap")
        .contains("SWAG4J_JAVA_OPTIONS=-Xmx300m gives more")
        .contains("streamed; null, as they need all rows at once: ece_equal_mass, smece");
    Predictions read = PredictionFiles.read(file);
    assertThat(streamed.get("ece").getAsDouble())
        .isCloseTo(
            io.github.swag4j.calibration.error.CalibrationError.of(read).ece(), within(1e-12));

    String out = folder.resolve("never.npz").toString();
    Cli calibrate =
        Cli.runInNewProcess(
            folder, heap, "calibrate", "--fit", file.toString(), "--apply", file + "", "-o", out);
    assertThat(calibrate.code()).isEqualTo(1);
    assertThat(calibrate.err().lines()).hasSize(1);
    assertThat(calibrate.err())
        .contains("1,000,000 rows of 5 classes need about 62 MB of heap, it has 2")
        .contains("SWAG4J_JAVA_OPTIONS=-Xmx100m")
        .doesNotContain("StreamedSketch");
    Cli page =
        Cli.runInNewProcess(
            folder, heap, "evaluate", file.toString(), "--convention", "equal-mass");
    assertThat(page.code()).isEqualTo(1);
    assertThat(page.err()).contains("only be with bins that do not depend on the data");
  }

  @Test
  void whatCannotBeStreamedIsWrongUsage() {
    String file = folder.resolve("small.csv").toString();
    Cli other = Cli.run("evaluate", file, "--stream", "--convention", "hendrycks");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("--stream needs bins that do not depend on the data, got hendrycks");
  }

  @Test
  void columnsThatAreNoClassesAreNamedAndCanBeLeftOut() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("stamped.csv"),
            "timestamp,cat,dog,label\n1700000000,0.25,0.75,1\n1700000001,0.5,0.5,0\n");
    assertThat(Cli.run("evaluate", file.toString()).err())
        .contains("classes cat, dog · labels: label (indices) · ignored: timestamp ·");
    for (String option : List.of("--ignore-columns=timestamp", "--class-columns=cat,dog")) {
      JsonObject read = json(Cli.run("evaluate", file.toString(), "--json", option));
      assertThat(read.get("classes").getAsInt()).isEqualTo(2);
      assertThat(read.get("accuracy").getAsDouble()).isOne();
      JsonObject streamed = json(Cli.run("evaluate", file + "", "--json", "--stream", option));
      assertThat(streamed.get("n").getAsInt()).isEqualTo(2);
    }
    Path dated = folder.resolve("dated.csv");
    Files.writeString(dated, "day,cat,dog,label\n2024-01-31,0.25,0.75,1\n");
    assertThat(Cli.run("evaluate", dated.toString()).err()).contains("ignored: day ·");
    Path predicted = folder.resolve("predicted.csv");
    Files.writeString(predicted, "cat,dog,prediction,label\n0.25,0.75,1,1\n");
    assertThat(Cli.run("evaluate", predicted.toString()).err()).contains("ignored: prediction ·");
    Cli unknown = Cli.run("evaluate", dated.toString(), "--ignore-columns", "date");
    assertThat(unknown.err()).contains("the header must have the column 'date' to ignore it");
    Cli both =
        Cli.run("evaluate", dated + "", "--ignore-columns", "cat", "--class-columns", "cat,dog");
    assertThat(both.code()).isEqualTo(2);
  }
}

package io.github.swag4j.studies.lowprecision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.Main;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiments in small, and their commands. */
class LowPrecisionStudyTest {
  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(out, new PrintWriter(err, true), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private static double mean(List<LinearTask.Found> found, boolean ball) {
    return found.stream()
        .mapToDouble(f -> ball ? f.ball() : f.average().get(f.average().size() - 1))
        .average()
        .orElseThrow();
  }

  private static List<LinearTask.Found> linear(LinearTask.Sizes sizes, int bits, double rate) {
    return IntStream.rangeClosed(1, 6)
        .mapToObj(seed -> new LinearTask(sizes, seed).train(bits, rate, seed))
        .toList();
  }

  /**
   * The noise of rounding has a closed form that the rate is not in; float SGD's shrinks with it.
   */
  @Test
  void theDistanceAtWhichSgdStaysIsThatOfTheClosedFormAtEveryRate() {
    LinearTask.Sizes sizes = new LinearTask.Sizes(32, 2048, 0.1, 6000, 40_000);
    double ball = new LinearTheory(sizes, 6).ball();
    List<LinearTask.Found> slow = linear(sizes, 6, 1e-3);
    List<LinearTask.Found> fast = linear(sizes, 6, 2e-3);
    assertThat(mean(slow, true)).isCloseTo(ball, within(0.1 * ball));
    assertThat(mean(fast, true)).isCloseTo(ball, within(0.1 * ball));
    double slowFloats = slow.stream().mapToDouble(LinearTask.Found::floatBall).sum();
    double fastFloats = fast.stream().mapToDouble(LinearTask.Found::floatBall).sum();
    assertThat(fastFloats).isGreaterThan(1.7 * slowFloats);
  }

  @Test
  void theAverageComesNearerAsOneOverT() {
    LinearTask.Sizes sizes = new LinearTask.Sizes(32, 2048, 0.1, 6000, 100_000);
    List<LinearTask.Found> found = linear(sizes, 6, 2e-3);
    double expected = new LinearTheory(sizes, 6).average(2e-3, 100_000);
    // Six seeds of 32 weights: a standard error of a tenth.
    assertThat(mean(found, false)).isCloseTo(expected, within(0.4 * expected));
    List<Integer> steps = found.get(0).steps();
    assertThat(steps).startsWith(10, 22, 46, 100).endsWith(46416, 100_000);
    int early = steps.indexOf(10_000);
    double before = found.stream().mapToDouble(f -> f.average().get(early)).average().orElseThrow();
    double slope = Math.log10(mean(found, false) / before);
    assertThat(slope).isBetween(-1.35, -0.7);
    for (LinearTask.Found each : found) {
      int last = steps.size() - 1;
      assertThat(each.average().get(last)).isLessThan(each.ball() / 20);
      assertThat(each.rounded().get(last)).isGreaterThan(each.average().get(last));
      assertThat(each.floatAverage().get(last)).isLessThan(each.average().get(last));
    }
  }

  @Test
  void theLinearStudyWritesItsPageAndGoesOnWithMoreSeeds() throws IOException {
    Path out = folder.resolve("linear");
    String[] small = {
      "low-precision",
      "linear",
      "--out",
      out.toString(),
      "--dimensions",
      "8",
      "--rows",
      "64",
      "--steps",
      "2000",
      "--warm-up",
      "100",
      "--seeds",
      "1"
    };
    Ran first = run(small);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("SGD, expected").contains("which the rate is not in");
    assertThat(first.out()).contains("from T = 215 to 2,000 (theory: -1)");
    assertThat(out.resolve("figures/linear.svg")).exists();
    Path part = out.resolve("parts/f6-rate-0.0005-seed-1.json");
    long written = Files.getLastModifiedTime(part).toMillis();
    small[small.length - 1] = "2";
    assertThat(run(small).code()).isZero();
    assertThat(Files.getLastModifiedTime(part).toMillis()).isEqualTo(written);
    assertThat(out.resolve("parts/f6-rate-0.0005-seed-2.json")).exists();
    assertThat(run("low-precision", "linear", "--out", out.toString(), "--rows", "1").code())
        .isEqualTo(2);
  }

  @Test
  void averagingGainsAtEveryWordLengthOfLogisticRegression() throws IOException {
    Path out = folder.resolve("logistic");
    Ran ran =
        run(
            "low-precision",
            "logistic",
            "--out",
            out.toString(),
            "--data",
            "quickstart",
            "--rows",
            "1000",
            "--validation",
            "500",
            "--epochs",
            "6",
            "--seeds",
            "1",
            "--json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonObject found =
        JsonParser.parseString(ran.out()).getAsJsonObject().getAsJsonObject("logistic");
    for (String bits : List.of("2", "4", "6", "8")) {
      JsonObject of = found.getAsJsonArray(bits).get(0).getAsJsonObject();
      assertThat(of.get("averageLoss").getAsDouble())
          .as("%s bits", bits)
          .isLessThan(of.get("lastLoss").getAsDouble());
      assertThat(of.get("average").getAsDouble()).isBetween(0.1, 0.5);
    }
    assertThat(Files.readString(out.resolve("tables/logistic.csv"))).contains("Fractional bits");
  }

  /** 0 stands for floats within: it would train them twice and call one of the two SWALP. */
  @Test
  void wordsOfNoLengthAreRefusedBeforeTheRateIsChosen() {
    for (String bits : List.of("0", "1", "26")) {
      Ran ran =
          run(
              "low-precision",
              "cnn",
              "--out",
              folder.resolve("words").toString(),
              "--word-length",
              bits);
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err()).contains("--word-length must be from 2 to 25 bits, got " + bits);
    }
    assertThat(folder.resolve("words")).doesNotExist();
  }

  /** Rows sorted by class, as those of folders are: the first are of one class only. */
  @Test
  void rowsThatAreNotMixedAreRefused() throws IOException {
    Path sorted = Files.createDirectories(folder.resolve("sorted"));
    int[] labels = new int[40];
    Arrays.fill(labels, 20, 40, 1);
    for (Split split : Split.values()) {
      write(sorted, split, ImageData.of("", new byte[160], labels, 2, 2, List.of("a", "b")));
    }
    assertThatThrownBy(() -> ImageRows.load(sorted.toString(), null, 20, 10))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("its first 20 training rows have 1 of 2 classes");
    assertThatThrownBy(() -> ImageRows.load(sorted.toString(), null, 30, 10))
        .hasMessageContaining("its last 10 have 1");
  }

  private static void write(Path folder, Split split, ImageData images) throws IOException {
    ByteBuffer levels = ByteBuffer.allocate(16 + images.pixels().length);
    levels.putInt(2051).putInt(images.size()).putInt(images.height()).putInt(images.width());
    ByteBuffer labels = ByteBuffer.allocate(8 + images.size()).putInt(2049).putInt(images.size());
    for (int label : images.labels()) {
      labels.put((byte) label);
    }
    String start = split.filePrefix();
    Files.write(folder.resolve(start + "-images-idx3-ubyte"), levels.put(images.pixels()).array());
    Files.write(folder.resolve(start + "-labels-idx1-ubyte"), labels.array());
  }

  @Test
  void theNetworkInEightBitsIsTrainedOnceAndReadAgain() throws IOException {
    Path data = Files.createDirectories(folder.resolve("few"));
    for (Split split : Split.values()) {
      ImageData all =
          Datasets.ofThisMachine().load("quickstart", split, Optional.empty(), Conversion.NONE);
      write(data, split, all.limit(split == Split.TRAIN ? 356 : 200));
    }
    Path out = folder.resolve("cnn");
    String[] command = {
      "low-precision",
      "cnn",
      "--out",
      out.toString(),
      "--data",
      data.toString(),
      "--rows",
      "256",
      "--validation",
      "100",
      "--epochs",
      "1",
      "--averaged-epochs",
      "1",
      "--seeds",
      "1",
      "--json"
    };
    Ran first = run(command);
    assertThat(first.code()).as(first.err()).isZero();
    Path part = out.resolve("parts/word-8-seed-1.json");
    String kept = Files.readString(part);
    Files.delete(part);
    Ran again = run(command);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(Files.readString(part)).as("the same bits from the same seed").isEqualTo(kept);
    JsonObject found = JsonParser.parseString(again.out()).getAsJsonObject().getAsJsonObject("cnn");
    double sgd = found.getAsJsonArray("8").get(0).getAsJsonObject().get("sgd").getAsDouble();
    assertThat(sgd).isBetween(0.1, 0.9);
    assertThat(Files.readString(out.resolve("report.html"))).contains("SWALP").contains("Seed 1");
  }
}

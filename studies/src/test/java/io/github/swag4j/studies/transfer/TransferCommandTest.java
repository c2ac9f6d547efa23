package io.github.swag4j.studies.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.Main;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The study in small, from one command. */
class TransferCommandTest {
  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private Ran run(Path source, Path target, String out, String... more) {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("--source", source.toString());
    given.put("--target", target.toString());
    given.put("--out", folder.resolve(out).toString());
    given.put("--source-rows", "64");
    given.put("--rows", "16");
    given.put("--validation", "32");
    given.put("--test", "60");
    given.put("--source-epochs", "2");
    given.put("--epochs", "2");
    given.put("--more-epochs", "1,2");
    given.put("--rates", "0.02,0.05");
    given.put("--batch", "8");
    given.put("--samples", "2");
    given.put("--seeds", "2");
    for (int i = 0; i < more.length; i += 2) {
      given.put(more[i], more[i + 1]);
    }
    List<String> args = new ArrayList<>(List.of("transfer", "--json"));
    given.forEach((name, value) -> args.addAll(List.of(name, value)));
    return program(args);
  }

  private static Ran program(List<String> args) {
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    int code = Main.run(stdout, new PrintWriter(stderr, true), args.toArray(String[]::new));
    return new Ran(code, stdout.toString(), stderr.toString());
  }

  /** Without a target: the second table alone. */
  private Ran runMoreEpochs(Path source, String out, String... more) {
    List<String> args = new ArrayList<>(List.of("transfer", "--json", "--only-more-epochs"));
    args.addAll(List.of("--source", source.toString(), "--out", folder.resolve(out).toString()));
    args.addAll(List.of("--source-rows", "64", "--validation", "32", "--test", "60"));
    args.addAll(List.of("--source-epochs", "2", "--more-epochs", "1,2", "--rates", "0.02,0.05"));
    args.addAll(List.of("--batch", "8", "--seeds", "2"));
    args.addAll(List.of(more));
    return program(args);
  }

  private Path images(String name, int classes, int side, long seed) throws IOException {
    return SmallImages.write(folder.resolve(name), 120, 60, classes, side, seed);
  }

  /** Every part by its name, with what the clock said taken out. */
  private Map<String, String> parts(String out) throws IOException {
    Map<String, String> parts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve(out).resolve("parts"))) {
      for (Path file : files.toList()) {
        parts.put(
            file.getFileName().toString(),
            Files.readString(file)
                .replaceAll("\"seconds\":\\s*(\\[[^\\]]*]|[^,}\\s]+)", "")
                .replaceAll("\"fingerprint\":\\s*\"[0-9a-f]+\"", ""));
      }
    }
    return parts;
  }

  @Test
  void aStudyThatWasStoppedGoesOnToTheSameNumbersAsOneThatWasNot() throws IOException {
    Path source = images("source", 4, SmallImages.SIDE, 10);
    Path target = images("target", 3, SmallImages.SIDE, 20);
    Ran first = run(source, target, "one");
    assertThat(first.code()).as(first.err()).isZero();
    Map<String, String> whole = parts("one");
    assertThat(whole).hasSize(1 + 3 + 2 * (2 + 2));
    JsonObject results = JsonParser.parseString(first.out()).getAsJsonObject();
    assertThat(results.getAsJsonObject("fine_tuned").getAsJsonObject("16").keySet())
        .containsExactly("SGD", "SWA", "SWAG", "SWAG, last layer", "SGD from scratch");
    assertThat(results.getAsJsonObject("rates").keySet()).hasSize(4);
    Path page = folder.resolve("one/report.html");
    assertThat(Files.readString(page)).contains("SWAG, last layer").contains("p seeds");
    assertThat(Files.readString(page)).contains("SGD, falling");
    assertThat(folder.resolve("one/figures/more-epochs-nll.svg")).exists();

    // As if it had been stopped after the sources and some of the rest.
    for (String name : whole.keySet()) {
      if (name.startsWith("rows-16") || name.startsWith("more-epochs-seed-2")) {
        Files.delete(folder.resolve("one/parts").resolve(name));
      }
    }
    Ran again = run(source, target, "one");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(parts("one")).isEqualTo(whole);

    // More epochs alone find what they find beside fine-tuning.
    Ran more = runMoreEpochs(source, "more");
    assertThat(more.code()).as(more.err()).isZero();
    Map<String, String> shared = new TreeMap<>(whole);
    shared.keySet().removeIf(name -> name.contains("rows-16"));
    assertThat(shared).hasSize(1 + 2 * 2);
    assertThat(parts("more")).isEqualTo(shared);
    JsonObject alone = JsonParser.parseString(more.out()).getAsJsonObject();
    assertThat(alone.keySet()).contains("more_epochs", "rates").doesNotContain("fine_tuned");
    assertThat(Files.readString(folder.resolve("more/report.html")))
        .contains("More epochs on")
        .doesNotContain("SWAG");
    assertSecondsAreSaid(alone, folder.resolve("more/tables/more-epochs.csv"));

    // Weights that are not those of the part are not trained on in silence.
    Files.delete(folder.resolve("one/parts/rows-16-tuned-seed-1.json"));
    Files.copy(
        folder.resolve("one/sources/seed-2.safetensors"),
        folder.resolve("one/sources/seed-1.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    Ran exchanged = run(source, target, "one");
    assertThat(exchanged.code()).isEqualTo(1);
    assertThat(exchanged.err())
        .contains("seed-1.safetensors: must be as the study wrote it, is another")
        .contains("remove parts/source-seed-1.json");
  }

  /** For each way and number of epochs, counted from the trained network on. */
  private static void assertSecondsAreSaid(JsonObject results, Path table) throws IOException {
    JsonObject more = results.getAsJsonObject("more_epochs");
    for (String way : List.of("swa", "sgd", "sgd_falling")) {
      for (int seed = 0; seed < 2; seed++) {
        JsonArray seconds =
            more.getAsJsonArray(way).get(seed).getAsJsonObject().getAsJsonArray("seconds");
        assertThat(seconds).hasSize(2);
        assertThat(seconds.get(0).getAsDouble()).as(way).isPositive();
        if (way.equals("sgd")) {
          assertThat(seconds.get(1).getAsDouble()).isGreaterThan(seconds.get(0).getAsDouble());
        }
      }
    }
    List<String> lines = Files.readAllLines(table);
    assertThat(lines.get(0)).endsWith("Seconds,sd seconds");
    assertThat(lines).hasSize(1 + 2 * 3);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      assertThat(Double.parseDouble(cells[cells.length - 2])).as(line).isPositive();
      assertThat(Double.parseDouble(cells[cells.length - 1])).as(line).isNotNegative();
    }
  }

  @Test
  void aRateThatDivergesIsNeverChosen() throws IOException {
    Judge.Score some = new Judge.Score(0.5, 3);
    Map<String, Judge.Score> scores = new LinkedHashMap<>();
    scores.put("10.0", diverging());
    assertThat(scores.get("10.0").diverged()).isTrue();
    assertThatThrownBy(() -> new TransferStudy.Chosen(scores).rate())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("it does at [10.0]: name lower rates");
    scores.put("0.1", some);
    assertThat(new TransferStudy.Chosen(scores).rate()).isEqualTo(0.1);
  }

  /** Real steps of a rate that is too high. */
  private static Judge.Score diverging() throws IOException {
    var images = SmallImages.of(64, 3, SmallImages.SIDE, 1);
    var rows = new ImageBatches(images, Normalisation.of(images), 8);
    try (Learner learner =
        new Learner(
            TorchEngine.start(1, new PrintWriter(new StringWriter())),
            Network.named("cnn-small").orElseThrow(),
            images.imageSize(),
            3,
            1)) {
      return Judge.Score.unlessDiverged(
          () -> {
            learner.train(
                rows,
                new Learner.Steps(8, 0.9, 0),
                new Learner.Stretch(LearningRateSchedule.constant(1e30), 0, 2),
                null,
                epoch -> {});
            return new Judge.Score(1, 0);
          });
    }
  }

  @Test
  void whatCannotBeTransferredIsRefusedInWordsBeforeAnythingIsTrained() throws IOException {
    Path source = images("source", 4, SmallImages.SIDE, 10);
    Path larger = images("larger", 4, 10, 20);
    Path fewer = images("fewer", 3, SmallImages.SIDE, 20);
    Ran size = run(source, larger, "out");
    assertThat(size.code()).isEqualTo(2);
    assertThat(size.err())
        .contains("images of --target must be of the size of those of --source")
        .contains("bring one of the sets to the other's size first");
    Ran classes = run(source, fewer, "out", "--head", "keep");
    assertThat(classes.code()).isEqualTo(2);
    assertThat(classes.err())
        .contains("as many classes in --target as in --source, got 3 and 4: give --head new");
    Ran rows = run(source, fewer, "out", "--rows", "500");
    assertThat(rows.code()).isEqualTo(2);
    assertThat(rows.err()).contains("training rows of fewer must be from 6").contains("--rows");
    Ran epochs = run(source, fewer, "out", "--more-epochs", "3,1");
    assertThat(epochs.err()).contains("--more-epochs must be at least 1 and ascending, got [3, 1]");
    Ran both = runMoreEpochs(source, "out", "--target", fewer.toString());
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--only-more-epochs fine-tunes on nothing, got --target");
    Ran files = runMoreEpochs(source, "out", "--target-dir", fewer.toString());
    assertThat(files.code()).isEqualTo(2);
    assertThat(files.err()).contains("fine-tunes on nothing, got --target-dir");
    Ran none =
        program(
            List.of(
                "transfer",
                "--source",
                source.toString(),
                "--out",
                folder.resolve("out").toString()));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--target must be named").contains("--only-more-epochs");
    Ran model = run(source, fewer, "out", "--model", "vgg16");
    assertThat(model.err()).contains("for vgg16").contains("name another --model");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void noRowIsHeldOutAndTrainedOn() throws IOException {
    TransferImages images =
        TransferImages.of(
            SmallImages.of(90, 3, SmallImages.SIDE, 1),
            SmallImages.of(30, 3, SmallImages.SIDE, 2),
            30,
            12);
    assertThat(images.test().size()).isEqualTo(12);
    assertThat(images.pool().size()).isEqualTo(60);
    List<String> held = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      held.add(Arrays.toString(images.validation().pixels(i)));
    }
    for (int seed = 1; seed < 4; seed++) {
      int[] counts = new int[3];
      var drawn = images.draw(30, seed);
      for (int i = 0; i < 30; i++) {
        assertThat(held).doesNotContain(Arrays.toString(drawn.pixels(i)));
        counts[drawn.label(i)]++;
      }
      assertThat(IntStream.of(counts)).allMatch(count -> count >= 8 && count <= 12);
    }
  }
}

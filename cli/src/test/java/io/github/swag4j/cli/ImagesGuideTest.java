package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide to images, on small folders of files that Python wrote. */
class ImagesGuideTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path GUIDE = ROOT.resolve("docs/guide/images.md");
  private static final Path PNGS =
      ROOT.resolve("vision/src/test/resources/io/github/swag4j/vision/golden/pngs");

  @TempDir private static Path working;
  private static final List<String> PLACES =
      List.of("pets", "run", "small", "holiday", "new.parquet", "answers.parquet");

  private static final List<Cli> RUNS = new ArrayList<>();

  @BeforeAll
  static void runTheCommands() throws IOException {
    try (Stream<Path> files = Files.walk(PNGS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = working.resolve("pets").resolve(PNGS.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Files.createDirectories(working.resolve("holiday"));
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setSample(5 * i, 7, 0, 200);
      ImageIO.write(image, "png", working.resolve("holiday/" + i + ".png").toFile());
    }
    Files.copy(
        Path.of("src/test/resources/io/github/swag4j/cli/data/tables/png.parquet"),
        working.resolve("new.parquet"));
    for (String command : commands()) {
      RUNS.add(Cli.run(arguments(command)));
    }
  }

  /** Those that are not long, in the order of the page. */
  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher lines =
        Pattern.compile("^    swag4j ((?:.*\\\\\\R)*.*)$", Pattern.MULTILINE)
            .matcher(Files.readString(GUIDE, StandardCharsets.UTF_8));
    while (lines.find()) {
      if (!lines.group(1).contains("cifar")) {
        commands.add(lines.group(1));
      }
    }
    return commands;
  }

  /** Paths are those of the test's directory; training is short. */
  private static String[] arguments(String command) {
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      boolean place = PLACES.contains(word);
      words.add(place ? working.resolve(word).toString() : word.equals("15") ? "4" : word);
    }
    if (words.get(0).equals("train")) {
      words.addAll(
          List.of("--samples", "2", "--batch-size", "4", "--threads", "1", "--validation", "2"));
    }
    return words.toArray(String[]::new);
  }

  private static JsonObject json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(working.resolve(file))).getAsJsonObject();
  }

  @Test
  void everyCommandEndsWell() throws IOException {
    assertThat(RUNS).hasSize(5);
    for (Cli run : RUNS) {
      assertThat(run.code()).as(run.err()).isZero();
    }
    assertThat(working.resolve("run/report.html")).isNotEmptyFile();
  }

  @Test
  void theRunHasTheScalingOfEachChannelAndTheClassesOfTheFolders() throws IOException {
    JsonObject input = json("run/run.json").getAsJsonObject("input");
    assertThat(input.get("channels").getAsInt()).isEqualTo(3);
    assertThat(input.getAsJsonObject("normalisation").getAsJsonArray("mean")).hasSize(3);
    assertThat(input.getAsJsonArray("classNames").toString()).isEqualTo("[\"cat\",\"dog\"]");
  }

  @Test
  void sizeAndChannelsAskedForAreKeptAndHoldForOtherImages() throws IOException {
    JsonObject run = json("small/run.json");
    assertThat(run.getAsJsonObject("input").get("height").getAsInt()).isEqualTo(16);
    assertThat(run.getAsJsonObject("config").getAsJsonObject("data").get("resize").getAsString())
        .isEqualTo("16x16");
    assertThat(working.resolve("small/on-holiday")).doesNotExist();
    assertThat(RUNS.get(2).out()).contains("holiday");
  }

  @Test
  void imagesWithoutLabelsArePredictedIntoOneFile() throws IOException {
    Predictions answers = PredictionFiles.read(working.resolve("answers.parquet"));
    assertThat(answers.rows()).isEqualTo(15);
    assertThat(answers.classNames()).containsExactly("cat", "dog");
    assertThat(answers.hasLabels()).isFalse();
    assertThat(RUNS.get(3).out()).startsWith("Written: ").hasLineCount(1);
  }

  @Test
  void theNumbersUnderShiftAreThoseOfEachMethodCorruptionAndStrength() throws IOException {
    List<String> lines = Files.readAllLines(working.resolve("run/shift/shift.csv"));
    assertThat(lines.get(0)).startsWith("method,corruption,strength,");
    // Methods times (the images as they are and 2 corruptions of 5 strengths).
    assertThat((lines.size() - 1) % 11).isZero();
    assertThat(lines.get(1)).contains(",none,0,");
    assertThat(RUNS.get(4).out()).contains("Means over 2 corruptions");
  }

  @Test
  void imagesOfAnotherSizeAreRefusedWithTheOptions() {
    Cli refused =
        Cli.run(
            "predict",
            working.resolve("run").toString(),
            "--ood",
            working.resolve("holiday").toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("images of holiday must be 12 x 12 in colour as the model's, got 30 x 40")
        .contains("give --resize 12x12 --channels 3");
  }

  @Test
  void trainingNeedsLabelsAndKnownWords() {
    String out = working.resolve("none").toString();
    String holiday = working.resolve("holiday").toString();
    assertThat(Cli.run("train", "--data", holiday, "--out", out).err())
        .contains("holiday must have labels");
    String pets = working.resolve("pets").toString();
    assertThat(Cli.run("train", "--data", pets, "--augment", "spin", "--out", out))
        .matches(
            c -> c.code() == 2 && c.err().contains("--augment: augmentation must be flip, crop"));
    assertThat(Cli.run("train", "--data", pets, "--resize", "big", "--out", out))
        .matches(c -> c.code() == 2 && c.err().contains("--resize: a size must be HEIGHTxWIDTH"));
    assertThat(Cli.run("train", "--data", pets, "--model", "vgg16", "--out", out))
        .matches(c -> c.code() == 2 && c.err().contains("at least 32 x 32 for vgg16"));
    assertThat(working.resolve("none")).doesNotExist();
  }
}

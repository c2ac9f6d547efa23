package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files read in memory and streamed, which must come to the same, and what refusals advise. */
final class ReadCases {
  private static final Pattern ADVICE =
      Pattern.compile("ReadOptions\\.with(\\w+)(?: ('(?:[^']|'\\\\'')*'|[^\\s,;:]\\S*))?");

  private ReadCases() {}

  /** Accuracy and NLL of a file, with what it was read as. */
  record Judged(double accuracy, double nll, ReadingNote note) {
    void are(double expectedAccuracy, double expectedNll) {
      assertThat(accuracy).as(note.line()).isCloseTo(expectedAccuracy, within(5.1e-5));
      assertThat(nll).as(note.line()).isCloseTo(expectedNll, within(5.1e-5));
    }
  }

  /** A file of the shared cases. */
  static Path copied(String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = ReadCases.class.getResourceAsStream("cases/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  static Judged judged(Path file, ReadOptions options) throws IOException {
    Noted<Predictions> read = PredictionFiles.readNoted(file, options);
    Noted<CalibrationSketch> streamed = StreamedSketch.noted(file, options, BinningConvention.GUO);
    assertThat(streamed.value().toBytes()).isEqualTo(CalibrationSketch.of(read.value()).toBytes());
    assertThat(streamed.note().line()).isEqualTo(read.note().line());
    ProperScores scores = ProperScores.of(read.value());
    return new Judged(scores.accuracy(), scores.nll(), read.note());
  }

  /** The message with which a file is refused, in memory and streamed. */
  static String refusal(Path file, ReadOptions options) {
    List<String> messages = new ArrayList<>();
    assertThatThrownBy(() -> PredictionFiles.read(file, options))
        .isInstanceOf(PredictionFileException.class)
        .satisfies(e -> messages.add(e.getMessage()));
    assertThatThrownBy(() -> StreamedSketch.of(file, options, BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class);
    return messages.get(0);
  }

  /** What is said of a file without labels that is to be judged. */
  static String unlabelled(Path file) throws IOException {
    Predictions read = PredictionFiles.read(file);
    List<String> messages = new ArrayList<>();
    assertThatThrownBy(() -> FileContents.requireLabels(file, read))
        .satisfies(e -> messages.add(e.getMessage()));
    return messages.get(0);
  }

  /** Why a file is refused; nothing if it is read. */
  static String refusedOrRead(Path file) throws IOException {
    return refusedOrRead(file, ReadOptions.defaults());
  }

  /** The same with options. */
  static String refusedOrRead(Path file, ReadOptions options) throws IOException {
    try {
      PredictionFiles.read(file, options);
      return "";
    } catch (PredictionFileException e) {
      return e.getMessage();
    }
  }

  /** Reads a file as the refusal of it says it can be read. */
  static Judged advised(Path file, ReadOptions options) throws IOException {
    return judged(file, followed(refusal(file, options), options));
  }

  /** The same in memory alone. */
  static Predictions advisedInMemory(Path file, String message) throws IOException {
    return PredictionFiles.read(file, followed(message, ReadOptions.defaults()));
  }

  /** Options with what a message advises; of two ways the first. */
  private static ReadOptions followed(String message, ReadOptions options) {
    Matcher advice = ADVICE.matcher(message.replaceFirst(", or leave what is no class out .*", ""));
    ReadOptions with = options;
    int found = 0;
    while (advice.find()) {
      with = with(with, advice.group(1), unquoted(advice.group(2)));
      found++;
    }
    if (message.contains("give them as logits")) {
      with = with.withLogits(true);
      found++;
    }
    assertThat(found).as(message).isPositive();
    return with;
  }

  /** The options that a message names, each by itself but for those that it says go together. */
  static List<ReadOptions> named(String message, ReadOptions options) {
    if (message.contains(" and name the classes") || message.contains(" and say which is")) {
      return List.of(followed(message, options));
    }
    Matcher advice = ADVICE.matcher(message);
    List<ReadOptions> named = new ArrayList<>();
    while (advice.find()) {
      boolean valued = advice.group(2) != null || advice.group(1).equals("Percent");
      if (valued) {
        named.add(with(options, advice.group(1), unquoted(advice.group(2))));
      }
    }
    return named;
  }

  private static String unquoted(String word) {
    return word == null || !word.startsWith("'")
        ? word
        : word.substring(1, word.length() - 1).replace("'\\''", "'");
  }

  private static ReadOptions with(ReadOptions options, String name, String value) {
    List<String> names =
        value == null
            ? List.of()
            : Arrays.stream(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .map(field -> field.replaceAll("^\"|\"$", "").replace("\"\"", "\""))
                .toList();
    return switch (name) {
      case "Logits" -> options.withLogits(true);
      case "Percent" -> options.withPercent(true);
      case "ClassColumns" -> options.withClassColumns(names);
      case "IgnoredColumns" -> options.withIgnoredColumns(names);
      case "LabelColumn" -> options.withLabelColumn(value);
      case "PositiveClass" -> options.withPositiveClass(value);
      case "IgnoredLabels" -> options.withIgnoredLabels(names);
      default -> throw new AssertionError("no advice is called " + name);
    };
  }
}

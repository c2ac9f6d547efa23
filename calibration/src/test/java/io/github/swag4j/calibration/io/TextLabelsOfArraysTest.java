package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NPZ archives of which labels are text, or the classes are named in an option. */
class TextLabelsOfArraysTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();

  @TempDir Path folder;
  private final Map<String, byte[]> arrays = new LinkedHashMap<>();

  private static byte[] array(String type, String shape, byte[] data) {
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(128 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    bytes.put((byte) 1).put((byte) 0).putShort((short) 118);
    bytes.put(padded.getBytes(StandardCharsets.ISO_8859_1)).put(data);
    return bytes.array();
  }

  private void texts(String name, String... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 20).order(ByteOrder.LITTLE_ENDIAN);
    for (String word : words) {
      for (int i = 0; i < 5; i++) {
        bytes.putInt(i < word.length() ? word.charAt(i) : 0);
      }
    }
    arrays.put(name, array("<U5", "(" + words.length + ",)", bytes.array()));
  }

  private void bytes(String name, String... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * 5);
    for (String word : words) {
      bytes.put(java.util.Arrays.copyOf(word.getBytes(StandardCharsets.UTF_8), 5));
    }
    arrays.put(name, array("|S5", "(" + words.length + ",)", bytes.array()));
  }

  private void probabilities(int columns, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    String shape = columns == 1 ? "(3,)" : "(3, " + columns + ")";
    arrays.put("probs", array("<f8", shape, bytes.array()));
  }

  private void three() {
    probabilities(3, 1, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  private Path file() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> each : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey() + ".npy"));
        zip.write(each.getValue());
        zip.closeEntry();
      }
    }
    return Files.write(folder.resolve("p.npz"), out.toByteArray());
  }

  private int[] labels(ReadOptions options) throws IOException {
    Predictions read = PredictionFiles.read(file(), options);
    return java.util.stream.IntStream.range(0, read.rows()).map(read::label).toArray();
  }

  private void refused(ReadOptions options, String message) throws IOException {
    Path file = file();
    assertThatThrownBy(() -> PredictionFiles.read(file, options))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesOfClassesAreFoundAmongTheirNames() throws IOException {
    three();
    texts("class_names", "cat", "dog", "eel");
    texts("labels", "dog", "eel", "cat");
    assertThat(labels(DEFAULTS)).containsExactly(1, 2, 0);
    Noted<Predictions> read = PredictionFiles.readNoted(file(), DEFAULTS);
    assertThat(read.note().labelKind()).isEqualTo(LabelKind.NAMES);
    bytes("labels", "dog", "eel", "cat");
    assertThat(labels(DEFAULTS)).containsExactly(1, 2, 0);
    assertThat(labels(DEFAULTS.withClassColumns(List.of("eel", "dog", "cat"))))
        .containsExactly(1, 0, 2);
    texts("labels", "dog", "none", "cat");
    refused(DEFAULTS, "a label must be one of cat, dog, eel, got 'none'");
    assertThat(labels(DEFAULTS.withIgnoredLabels(List.of("none")))).containsExactly(1, 0);
  }

  @Test
  void textWithoutNamesIsAnIndexOrTruthOrRefused() throws IOException {
    three();
    texts("labels", "1", "2", "0");
    assertThat(labels(DEFAULTS)).containsExactly(1, 2, 0);
    texts("labels", "1", "3", "0");
    refused(DEFAULTS, "element 1: a label must be one of 0, 1, 2, got '3'");
    texts("labels", "dog", "eel", "cat");
    refused(DEFAULTS, "labels are text, got cat, dog, eel, and the file has no array class_names");
    probabilities(1, 0.5, 0.25, 1);
    texts("labels", "yes", "no", "yes");
    assertThat(labels(DEFAULTS)).containsExactly(1, 0, 1);
    texts("labels", "bad", "good", "bad");
    refused(DEFAULTS, "or say which is the second class");
    assertThat(labels(DEFAULTS.withPositiveClass("bad"))).containsExactly(1, 0, 1);
  }

  @Test
  void aPositiveClassThatTheFileNamesFirstIsThatClassAndNotTheSecond() throws IOException {
    probabilities(2, 1, 0, 0, 1, 0.5, 0.5);
    texts("class_names", "bad", "good");
    texts("labels", "bad", "good", "bad");
    assertThat(labels(DEFAULTS)).containsExactly(0, 1, 0);
    assertThat(labels(DEFAULTS.withPositiveClass("bad"))).containsExactly(0, 1, 0);
    assertThat(labels(DEFAULTS.withPositiveClass("good"))).containsExactly(0, 1, 0);
    texts("labels", "yes", "no", "1");
    assertThat(labels(DEFAULTS.withPositiveClass("bad"))).containsExactly(0, 1, 0);
    assertThat(labels(DEFAULTS.withPositiveClass("good"))).containsExactly(1, 0, 1);
    refused(DEFAULTS.withPositiveClass("yes"), "must be one of two in class_names, got 'yes'");
    refused(DEFAULTS, "a label must be one of bad, good, got 'yes'");
  }

  @Test
  void aPositiveClassIsNotProposedForThreeWords() throws IOException {
    probabilities(1, 0.5, 0.25, 1);
    texts("labels", "bad", "good", "none");
    Path file = file();
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .hasMessageContaining("labels are text")
        .hasMessageNotContaining("say which is the second class");
  }

  @Test
  void aStreamedFileTakesIndices() throws IOException {
    three();
    texts("class_names", "cat", "dog", "eel");
    texts("labels", "dog", "eel", "cat");
    Path file = file();
    assertThatThrownBy(() -> StreamedSketch.of(file, DEFAULTS, BinningConvention.GUO))
        .hasMessageContaining("save indices, or read the file in memory");
  }

  @Test
  void truthIsNoIndexOfThreeClasses() throws IOException {
    three();
    arrays.put("labels", array("|b1", "(3,)", new byte[] {1, 0, 1}));
    refused(DEFAULTS, "labels that are true or false go with two classes, got 3");
    Path file = file();
    assertThatThrownBy(() -> StreamedSketch.of(file, DEFAULTS, BinningConvention.GUO))
        .hasMessageContaining("go with two classes, got 3");
    Noted<Predictions> read = PredictionFiles.readNoted(file, DEFAULTS.withLabelsNeeded(false));
    assertThat(read.value().hasLabels()).isFalse();
    assertThat(read.note().warnings())
        .anyMatch(warning -> warning.startsWith("the labels were not read"));
    Path probabilities = Files.write(folder.resolve("p.npy"), arrays.get("probs"));
    Path truth = Files.write(folder.resolve("y.npy"), arrays.get("labels"));
    assertThatThrownBy(() -> StreamedSketch.of(probabilities, truth, BinningConvention.GUO))
        .hasMessageContaining("go with two classes, got 3");
    probabilities(2, 1, 0, 0, 1, 0.5, 0.5);
    assertThat(labels(DEFAULTS)).containsExactly(1, 0, 1);
    assertThat(StreamedSketch.of(file(), DEFAULTS, BinningConvention.GUO).toBytes())
        .isEqualTo(CalibrationSketch.of(PredictionFiles.read(file())).toBytes());
  }

  @Test
  void aClassThatIsNeverPredictedIsSaidOfStreamedFilesToo() throws IOException {
    probabilities(3, 0.5, 0.5, 0, 0.25, 0.75, 0, 1, 0, 0);
    arrays.put("labels", array("|u1", "(3,)", new byte[] {1, 0, 0}));
    String said = "class 2 has probability 0.0 in every row";
    assertThat(StreamedSketch.noted(file(), DEFAULTS, BinningConvention.GUO).note().warnings())
        .anyMatch(warning -> warning.startsWith(said));
    Path table =
        Files.writeString(folder.resolve("t.csv"), "p0,p1,p2,label\n.5,.5,0,1\n.25,.75,0,0\n");
    Noted<Predictions> read = PredictionFiles.readNoted(table, DEFAULTS);
    assertThat(read.note().warnings()).anyMatch(warning -> warning.startsWith(said));
    assertThat(StreamedSketch.noted(table, DEFAULTS, BinningConvention.GUO).note().warnings())
        .isEqualTo(read.note().warnings());
  }

  @Test
  void anOrderOfClassesThatTheArraysDoNotNameIsRefused() throws IOException {
    three();
    arrays.put("labels", array("|u1", "(3,)", new byte[] {1, 0, 2}));
    refused(DEFAULTS.withClassColumns(List.of("cat", "dog", "eel")), "the arrays name no classes");
    assertThat(labels(DEFAULTS.withClassColumns(List.of("0", "1", "2")))).containsExactly(1, 0, 2);
  }

  @Test
  void classesPredictedInAnArrayAreNoProbabilities() throws IOException {
    arrays.put("predictions", array("|u1", "(3,)", new byte[] {1, 0, 2}));
    arrays.put("labels", array("|u1", "(3,)", new byte[] {1, 0, 2}));
    refused(DEFAULTS, "are classes predicted and no probabilities");
  }
}

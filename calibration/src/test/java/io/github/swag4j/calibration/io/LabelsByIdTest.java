package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels in a second file, found by the ids of rows. */
class LabelsByIdTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();
  private static final String LABELS = "id,label\nz,cat\nx,dog\ny,cat\n";

  @TempDir Path folder;

  private Path predictions(String text) throws IOException {
    return Files.writeString(folder.resolve("p.csv"), text);
  }

  private Path labels(String text) throws IOException {
    return Files.writeString(folder.resolve("l.csv"), text);
  }

  private static Noted<Predictions> read(Path file, LabelsFile labels, ReadOptions options)
      throws IOException {
    Noted<Predictions> read = PredictionFiles.readNoted(file, labels, options);
    Noted<CalibrationSketch> streamed =
        StreamedSketch.noted(file, labels, options, BinningConvention.GUO);
    assertThat(streamed.value().toBytes()).isEqualTo(CalibrationSketch.of(read.value()).toBytes());
    PredictionSize size = PredictionFiles.size(file, labels, options);
    assertThat(size.rows()).isEqualTo(read.value().rows());
    assertThat(size.classes()).isEqualTo(read.value().classes());
    return read;
  }

  private void refused(String table, String labels, String message) throws IOException {
    Path file = predictions(table);
    LabelsFile second = LabelsFile.of(labels(labels));
    assertThatThrownBy(() -> PredictionFiles.readNoted(file, second, DEFAULTS))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> StreamedSketch.noted(file, second, DEFAULTS, BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id,cat,dog\nx,0.25,0.75\ny,0.5,0.5\nz,1,0\n",
        "sep=;\ncat;id;dog\n0,25;x;0,75\n0,5;y;0,5\n\n1;\"z\";0\n;;\n",
        "{\"id\":\"x\",\"probs\":{\"cat\":0.25,\"dog\":0.75}}\n"
            + "{\"id\":\"y\",\"probs\":{\"cat\":0.5,\"dog\":0.5}}\n"
            + "{\"probs\":{\"dog\":0,\"cat\":1},\"id\":\"z\"}\n"
      })
  void everyRowFindsItsLabelInWhateverOrder(String table) throws IOException {
    for (String second :
        List.of(
            LABELS,
            "label\tid\ncat\tz\ndog\tx\ncat\ty\n",
            "id,species\nz,cat\nx,dog\ny,cat\n",
            "{\"id\":\"z\",\"label\":\"cat\"}\n{\"id\":\"x\",\"label\":\"dog\"}\n"
                + "{\"id\":\"y\",\"label\":\"cat\"}\n")) {
      Noted<Predictions> read = read(predictions(table), LabelsFile.of(labels(second)), DEFAULTS);
      Predictions p = read.value();
      assertThat(p.classNames()).containsExactly("cat", "dog");
      assertThat(List.of(p.label(0), p.label(1), p.label(2))).containsExactly(1, 0, 0);
      assertThat(List.of(p.id(0), p.id(1), p.id(2))).containsExactly("x", "y", "z");
      assertThat(p.probabilities(0)).containsExactly(0.25, 0.75);
      assertThat(read.note().warnings()).noneMatch(said -> said.contains("left out"));
    }
  }

  @Test
  void theColumnOfIdsMayHaveAnyNameThatBothFilesHave() throws IOException {
    Path table = predictions("image,cat,dog\n a.png ,0.25,0.75\n\"b\u0301,.png\",1,0\n");
    Path second = labels("image,gold,label\n\"b\u0301,.png\",1,cat\na.png,0,dog\n");
    LabelsFile named = new LabelsFile(second, "image", "label");
    Predictions p = read(table, named, DEFAULTS).value();
    assertThat(p.label(0)).isOne();
    assertThat(p.label(1)).isZero();
    assertThat(p.id(0)).isEqualTo("a.png");
    assertThatThrownBy(() -> PredictionFiles.readNoted(table, LabelsFile.of(second), DEFAULTS))
        .hasMessageContaining("must have the column 'id' of ids, got image, ");
    LabelsFile indices = new LabelsFile(second, "image", "gold");
    assertThat(read(table, indices, DEFAULTS).value().label(1)).isOne();
  }

  @Test
  void labelsThatNoRowHasAreCountedAndNamed() throws IOException {
    Noted<Predictions> read =
        read(predictions("id,cat,dog\nx,0.25,0.75\n"), LabelsFile.of(labels(LABELS)), DEFAULTS);
    assertThat(read.value().label(0)).isOne();
    assertThat(read.note().warnings())
        .anyMatch(
            said ->
                said.startsWith("2 of 3 labels of ")
                    && said.endsWith("have no row here and were left out, such as those of y, z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`id,a,b\nx,1,0\nq,1,0\n` | `id,label\nx,a\n` | got none for 1 of 2 ids, such as 'q' (line 3)",
        "`id,a,b\n7,1,0\n` | `id,label\n7.0,a\n` | got none for 1 of 1 ids, such as '7' (line 2);"
            + " the labels' ids are such as '7.0'",
        "`id,a,b\nx,1,0\nx,1,0\n` | `id,label\nx,a\n` | line 3, column 1: to be joined with its"
            + " label, each id must stand once, got 'x' on line 2, too",
        "`id,a,b\nx,1,0\n` | `id,label\nx,a\ny,b\nx,a\n` | l.csv, line 4, column 1: each id must"
            + " stand once, got 'x' on line 2, too",
        "`id,a,b,label\nx,1,0,a\n` | `id,label\nx,a\n` | labels must be in one file, got the column"
            + " 'label' and those of",
        "`a,b\n1,0\n` | `id,label\nx,a\n` | must have the column 'id' of ids, got a, b",
        "`id,a,b\nx,1,0\n` | `key,label\nx,a\n` | l.csv: to be joined with its labels, the file must",
        "`id,a,b\nx,1,0\n` | `id,label,y\nx,a,a\n` | l.csv: one column must hold the labels, got id,"
            + " label, y",
        "`id,a,b\nx,0.9,0.1\n` | `id,label\nx,c\n` | p.csv, line 2, column 4: 'label' must be",
        "`id,a,b\nx,1,0\ny,0.5,0.6\n` | `id,label\nx,a\ny,a\n` | p.csv, line 3: probabilities[1] sums",
        "`id,a,b\n\nx,1,0\n\"y\nz\",1,0\nw,1,q\n` | `id,label\nx,a\n\"y\nz\",a\nw,a\n` | p.csv, line"
            + " 6, column 3"
      })
  void whatDoesNotFitIsRefusedByIdAndPlace(String table, String labels, String message)
      throws IOException {
    refused(table, labels, message);
  }

  @Test
  void arraysHaveNoIdsToBeFoundBy() throws IOException {
    Path npz = folder.resolve("p.npz");
    PredictionFiles.write(npz, Predictions.of(new double[][] {{1, 0}}, new int[1]));
    LabelsFile second = LabelsFile.of(labels(LABELS));
    assertThatThrownBy(() -> PredictionFiles.readNoted(npz, second, DEFAULTS))
        .hasMessageContaining("found by ids in a table, got an array");
    assertThatThrownBy(() -> StreamedSketch.noted(npz, second, DEFAULTS, BinningConvention.GUO))
        .hasMessageContaining("found by ids in a table, got an array");
  }

  @Test
  void packedFilesFindTheirLabels() throws IOException {
    Path table = folder.resolve("p.csv.gz");
    byte[] text = "id,cat,dog\r\nx,0.25,0.75\r\n".getBytes(StandardCharsets.UTF_8);
    Files.write(table, TableDialectsTest.gzip(text));
    Path second = folder.resolve("l.gz");
    Files.write(second, TableDialectsTest.gzip(LABELS.getBytes(StandardCharsets.UTF_8)));
    assertThat(read(table, LabelsFile.of(second), DEFAULTS).value().label(0)).isOne();
  }
}

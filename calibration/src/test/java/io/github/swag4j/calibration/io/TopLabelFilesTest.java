package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopLabelFilesTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();
  private static final TopLabelNames USUAL = TopLabelNames.USUAL;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("p.csv"), text.replace("\\n", "\n"));
  }

  private Noted<TopLabels> read(String text, ReadOptions options) throws IOException {
    return TopLabelFiles.read(file(text), null, USUAL, options).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prediction,confidence,label\\ncat,0.75,cat\\ndog,0.5,cat\\n",
        "id\tpred\tconf\ty_true\\n1\t0\t0.75\t0.0\\n2\t1\t0.5\t0.0\\n",
        "image;predicted_class;max_prob;actual\\na.png;cat;0,75;cat\\nb.png;dog;0,5;cat\\n",
        "{\"prediction\":\"cat\",\"confidence\":0.75,\"label\":\"cat\"}\\n"
            + "{\"prediction\":\"dog\",\"confidence\":0.5,\"label\":\"cat\"}\\n",
        "[{\"prediction\":\"cat\",\"confidence\":0.75,\"label\":\"cat\"},"
            + "{\"prediction\":\"dog\",\"confidence\":0.5,\"label\":\"cat\"}]"
      })
  void theClassPredictedAndItsConfidenceAreReadByTheirUsualNames(String text) throws IOException {
    TopLabels rows = read(text, DEFAULTS).value();
    assertThat(rows.rows()).isEqualTo(2);
    assertThat(rows.confidence(0)).isEqualTo(0.75);
    assertThat(rows.isCorrect(0)).isTrue();
    assertThat(rows.isCorrect(1)).isFalse();
    assertThat(rows.confidenceBrier()).isEqualTo((0.0625 + 0.25) / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prediction,confidence,cat,dog,label\\ncat,0.75,0.75,0.25,cat\\n",
        "prediction,p,label\\n1,0.75,1\\n",
        "prediction,confidence,age,label\\ncat,0.75,33,cat\\n",
        "pred,prediction,confidence,label\\ncat,cat,0.75,cat\\n"
      })
  void aTableThatCouldHaveAColumnForEachClassIsNotTakenForOne(String text) throws IOException {
    assertThat(TopLabelFiles.read(file(text), null, USUAL, DEFAULTS)).isEmpty();
  }

  @Test
  void optionsNameColumnsOfAnyName() throws IOException {
    Path file = file("label,score,truth,age\ncat,0.75,cat,3\ndog,0.5,cat,4\n");
    TopLabels rows =
        TopLabelFiles.read(
                file, null, new TopLabelNames("label", "score"), DEFAULTS.withLabelColumn("truth"))
            .orElseThrow()
            .value();
    assertThat(rows.isCorrect(0)).isTrue();
    assertThat(rows.isCorrect(1)).isFalse();
    assertThatThrownBy(
            () -> TopLabelFiles.read(file, null, new TopLabelNames("label", "p"), DEFAULTS))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("must have the column 'p' of the confidences, got label, score");
    assertThatThrownBy(() -> new TopLabelNames("label", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prediction,confidence,label\\ncat,75,cat\\n | if these are percentages",
        "prediction,confidence,label\\ncat,-0.5,cat\\n | line 2, column 2: a confidence must be in",
        "prediction,confidence,label\\ncat,0.9%,cat\\n | got '0.9%': it is a percentage",
        "prediction,confidence,label\\ncat,,cat\\n | a confidence must be a number, got ''",
        "prediction,confidence,label\\nCat,0.5,cat\\n | call a class by one name",
        "prediction,confidence,label\\n1,0.5,cat\\n | call classes by the same names",
        "prediction,confidence,label\\ncat,0.5,\\n | a label must be the name of a class, got ''",
        "prediction,confidence\\ncat,0.5\\n | must have labels, got none",
        "prediction,confidence,label\\n1,0.2,1\\n0,0.9,1\\n | at least 0.5 of two classes"
      })
  void whatCannotBeRightIsRefused(String text, String message) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> TopLabelFiles.read(file, null, USUAL, DEFAULTS))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void percentagesWeightsAndLabelsLeftOutAreHeeded() throws IOException {
    String text = "prediction,confidence,label,weight\na,75,a,3\nb,50,a,1\nb,90,unknown,1\n";
    Noted<TopLabels> read =
        read(text, DEFAULTS.withPercent(true).withIgnoredLabels(List.of("unknown")));
    assertThat(read.value().rows()).isEqualTo(2);
    assertThat(read.value().forecasts().eventRate()).isEqualTo(0.75);
    assertThat(read.note().warnings()).contains("1 row was left out by label: unknown");
    assertThat(
            read(text.replace("75", "75%"), DEFAULTS.withPercent(true).withIgnoredLabels(List.of()))
                .value()
                .confidence(0))
        .isEqualTo(0.75);
    assertThatThrownBy(
            () ->
                read(
                    "prediction,confidence,label\na,0.75,a\nb,1,a\nc,0.5,b\n",
                    DEFAULTS.withPercent(true)))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("of percentages one must be above 1, got none above 1.0");
    assertThat(read(text, DEFAULTS.withPercent(true)).note().warnings())
        .anyMatch(warning -> warning.endsWith("the labels unknown"));
  }

  @Test
  void labelsOfASecondFileAreFoundByIdAndNamedInTheNote() throws IOException {
    Path labels = Files.writeString(folder.resolve("l.csv"), "image,gold\ny,cat\nx,cat\n");
    Path file = file("image,prediction,confidence\nx,cat,0.75\ny,dog,0.5\n");
    Noted<TopLabels> read =
        TopLabelFiles.read(file, new LabelsFile(labels, "image", ""), USUAL, DEFAULTS)
            .orElseThrow();
    assertThat(read.value().isCorrect(0)).isTrue();
    assertThat(read.value().isCorrect(1)).isFalse();
    assertThat(read.note().labels()).isEqualTo("gold of " + labels + " by image");
    assertThat(read.note().ignored()).containsExactly("image");
  }

  @Test
  void numbersAreThoseOfTheSameRowsWithAColumnForEachClass() throws IOException {
    Random random = new Random(11);
    StringBuilder whole = new StringBuilder("a,b,c,label\n");
    StringBuilder top = new StringBuilder("prediction,confidence,label\n");
    for (int r = 0; r < 300; r++) {
      double p = random.nextDouble();
      double q = (1 - p) * random.nextDouble();
      double[] row = {p, q, 1 - p - q};
      int best = row[1] > row[0] ? (row[2] > row[1] ? 2 : 1) : row[2] > row[0] ? 2 : 0;
      char label = (char) ('a' + random.nextInt(3));
      whole.append(p + "," + q + "," + row[2] + "," + label + "\n");
      top.append((char) ('a' + best) + "," + row[best] + "," + label + "\n");
    }
    Predictions all =
        PredictionFiles.read(Files.writeString(folder.resolve("w.csv"), whole.toString()));
    TopLabels alone = read(top.toString(), DEFAULTS).value();
    for (BinningConvention convention : BinningConvention.all()) {
      CalibrationError expected = CalibrationError.of(all, convention);
      CalibrationError got = CalibrationError.of(alone.forecasts(), convention);
      assertThat(got.ece()).as(convention.name()).isCloseTo(expected.ece(), within(1e-12));
      assertThat(got.mce()).as(convention.name()).isCloseTo(expected.mce(), within(1e-12));
      assertThat(CalibrationError.of(alone.standIn(), convention).ece())
          .as(convention.name())
          .isCloseTo(expected.ece(), within(1e-12));
    }
    assertThat(alone.forecasts().eventRate())
        .isCloseTo(ProperScores.of(all).accuracy(), within(1e-12));
    assertThat(ProperScores.of(alone.standIn()).accuracy())
        .isCloseTo(ProperScores.of(all).accuracy(), within(1e-12));
  }

  @Test
  void aTableOfProbabilitiesThatFailsForItIsToldTheColumns() throws IOException {
    Path file = file("file,predicted_class,probability,actual\nx,a,0.5,a\ny,b,0.75,b\nz,c,0.5,c\n");
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .hasMessageContaining("to judge the class predicted and its confidence alone")
        .hasMessageContaining("predicted_class")
        .hasMessageContaining("probability");
  }
}

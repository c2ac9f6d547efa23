package io.github.swag4j.calibration.io;

import static io.github.swag4j.calibration.io.ReadCases.copied;
import static io.github.swag4j.calibration.io.ReadCases.judged;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.ReadCases.Judged;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files of the kinds people bring, each with the value that must come out. */
class SharedCasesTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();

  @TempDir Path folder;

  private Judged read(String name) throws IOException {
    return judged(copied(name, folder), DEFAULTS);
  }

  @Test
  void aLabelThatIsNoColumnsNameIsNotTakenForAnIndex() throws IOException {
    Path file = copied("f01_missing_class_column.csv", folder);
    assertThat(ReadCases.refusal(file, DEFAULTS))
        .contains("names of class columns (0, 1, 3)")
        .contains("got '2', which no column is named, and 3, which is no index");
    assertThat(ReadCases.advised(file, DEFAULTS).note().labelKind().words()).isEqualTo("names");
  }

  @Test
  void indicesBelongToTheOrderOfTheirOwnFile() throws IOException {
    Path file = copied("f02_apply_c_a_b.csv", folder);
    Judged own = judged(file, DEFAULTS);
    Judged named = judged(file, DEFAULTS.withClassColumns(List.of("a", "b", "c")));
    assertThat(named.note().classes()).containsExactly("a", "b", "c");
    assertThat(own.accuracy()).isEqualTo(5 / 12.0);
    assertThat(named.accuracy()).isEqualTo(5 / 12.0);
    assertThat(named.nll()).isEqualTo(own.nll());
  }

  @Test
  void anIdentifierIsNoLogit() throws IOException {
    Path file = copied("f03_sample_id_logits.csv", folder);
    ReadOptions logits = DEFAULTS.withLogits(true);
    assertThat(ReadCases.refusal(file, logits))
        .contains("'sample_id' could be a class")
        .endsWith("with ReadOptions.withIgnoredColumns sample_id");
    ReadCases.advised(file, logits).are(0.5, 0.8727);
  }

  @Test
  void aPredictedClassIsNoClass() throws IOException {
    Judged zeros = read("f04_h2o_predict_all_0.csv");
    zeros.are(0.8333, 0.4176);
    assertThat(zeros.note().line())
        .isEqualTo("classes 0, 1 · labels: label (indices) · ignored: predict · weights: none");
    read("f10_h2o.csv").are(0.8333, 0.3485);
  }

  @Test
  void aFoldOfZerosIsNoClass() throws IOException {
    Path file = copied("f04b_fold0.csv", folder);
    assertThat(ReadCases.refusal(file, DEFAULTS)).contains("'fold' could be a class");
    ReadCases.advised(file, DEFAULTS).are(0.5, 0.8728);
  }

  @Test
  void classesCalledWeightAndHeightAreClasses() throws IOException {
    Path file = copied("f07_classes_weight_height.csv", folder);
    assertThat(ReadCases.refusal(file, DEFAULTS)).contains("could all be classes");
    ReadCases.advised(file, DEFAULTS).are(0.8333, 0.3485);
  }

  @Test
  void aColumnNamedZeroIsOfTheClassNamedZero() throws IOException {
    Path file = copied("f08_one_column_named_0.csv", folder);
    Judged named = judged(file, DEFAULTS.withLabels(Labels.NAME));
    assertThat(named.accuracy()).isEqualTo(10 / 12.0);
    assertThat(ReadCases.refusal(file, DEFAULTS))
        .endsWith("say which with ReadOptions.withPositiveClass 0");
    assertThat(ReadCases.advised(file, DEFAULTS).accuracy()).isEqualTo(10 / 12.0);
  }

  @Test
  void percentagesAreNoLogits() throws IOException {
    Path file = copied("f10b_percent.csv", folder);
    assertThat(ReadCases.refusal(file, DEFAULTS))
        .contains("if these are percentages, read them with ReadOptions.withPercent")
        .doesNotContain("ogits");
    ReadCases.advised(file, DEFAULTS).are(0.5, 0.8728);
  }

  @Test
  void oneColumnNamedAfterAClassIsItsProbability() throws IOException {
    Judged spam = read("f12_one_column_spam.csv");
    assertThat(spam.accuracy()).isEqualTo(10 / 12.0);
    assertThat(spam.note().classes()).containsExactly("ham", "spam");
  }

  @Test
  void spacesAfterCommasAreNothing() throws IOException {
    read("f13_space_after_comma.csv").are(0.5, 0.8728);
  }

  @Test
  void wholeNumbersWrittenAsDecimalsAreNames() throws IOException {
    Judged floats = read("f14_float_labels.csv");
    floats.are(0.5, 0.8728);
    assertThat(floats.note().labelKind().words()).isEqualTo("names");
  }

  @Test
  void rowsThatNeedNoLabelsMayHaveAnyLabels() throws IOException {
    ReadOptions options = DEFAULTS.withLabelsNeeded(false);
    Noted<Predictions> out =
        PredictionFiles.readNoted(copied("f16_ood_labels_m1.npz", folder), options);
    assertThat(out.value().hasLabels()).isFalse();
    assertThat(out.note().warnings().get(0)).contains("labels were not read").contains("got -1");
    assertThat(PredictionFiles.read(copied("f16_in.npz", folder), options).hasLabels()).isTrue();
  }

  @Test
  void trueIsThePositiveClass() throws IOException {
    assertThat(read("f20_true_false.csv").accuracy()).isEqualTo(10 / 12.0);
  }

  @Test
  void predictionsThatAreIntegersAreNoProbabilities() throws IOException {
    Judged logits = read("f22_logits_predictions.npz");
    assertThat(logits.accuracy()).isEqualTo(0.5);
    assertThat(logits.note().ignored()).containsExactly("predictions");
  }
}

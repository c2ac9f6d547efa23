package io.github.swag4j.calibration.io;

import static io.github.swag4j.calibration.io.ReadCases.advised;
import static io.github.swag4j.calibration.io.ReadCases.judged;
import static io.github.swag4j.calibration.io.ReadCases.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.ReadCases.Judged;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What columns and labels of text files are taken for, kind by kind. */
class ColumnKindsTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();

  /** Two classes right, right and wrong: accuracy 2/3. */
  private static final double NLL = -(Math.log(0.75) + Math.log(0.625) + Math.log(0.375)) / 3;

  @TempDir Path folder;

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("p.csv"), text);
  }

  /** The three rows with the columns before and behind, and labels of two names. */
  private static String rows(String header, String format, String first, String second) {
    return header
        + "\n"
        + String.format(Locale.ROOT, format, 0, "0.75,0.25", first)
        + "\n"
        + String.format(Locale.ROOT, format, 1, "0.375,0.625", second)
        + "\n"
        + String.format(Locale.ROOT, format, 2, "0.375,0.625", first)
        + "\n";
  }

  private static void same(Judged judged) {
    judged.are(2 / 3.0, NLL);
    assertThat(judged.note().classes()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p0,p1",
        "prob_0,prob_1",
        "proba0,proba1",
        "0,1",
        "0.0,1.0",
        "probability(0),probability(1)",
        "P (label=0),P (label=1)",
        "class_0,class_1",
        "0_prob,1_prob",
        "pred.0,pred.1"
      })
  void aCommonStemTellsTheClassesFromTheRest(String classes) throws IOException {
    String text = rows("predict," + classes + ",label,age", "%d,%s,%s,40", "0", "1");
    Judged judged = judged(csv(text), DEFAULTS);
    same(judged);
    assertThat(judged.note().ignored()).containsExactly("predict", "age");
    assertThat(judged.note().classes()).containsExactly("0", "1");
    same(judged(csv(rows("predict," + classes + ",label", "%d,%s,%s", "0.0", "1.0")), DEFAULTS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prob_cat,prob_dog", "prob.cat,prob.dog", ".pred_cat,.pred_dog", "P(cat),P(dog)",
        "proba_cat,proba_dog", "cat_score,dog_score", "confidence(cat),confidence(dog)",
            "p_cat,p_dog"
      })
  void labelsNameClassesWithoutTheirStem(String classes) throws IOException {
    Judged judged =
        judged(csv(rows("id," + classes + ",label", "%d,%s,%s", "cat", "dog")), DEFAULTS);
    same(judged);
    assertThat(judged.note().line())
        .isEqualTo("classes cat, dog · labels: label (names) · ignored: id · weights: none");
    String[] whole = classes.split(",", -1);
    same(judged(csv(rows(classes + ",label", "%2$s,%3$s", whole[0], whole[1])), DEFAULTS));
  }

  @Test
  void caretAndTidymodelsAreRead() throws IOException {
    same(
        judged(
            csv(rows("pred,obs,cat,dog,rowIndex,Resample", "cat,%3$s,%2$s,%1$d,F1", "cat", "dog")),
            DEFAULTS));
    String tidy = ".pred_cat,.pred_dog,.pred_class,.row,.config,";
    same(judged(csv(rows(tidy + "truth", "%2$s,cat,%1$d,M1,%3$s", "cat", "dog")), DEFAULTS));
    Path species = csv(rows(tidy + "Species", "%2$s,cat,%1$d,M1,%3$s", "cat", "dog"));
    assertThat(PredictionFiles.read(species).hasLabels()).isFalse();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> FileContents.requireLabels(species, PredictionFiles.read(species))))
        .hasMessageEndingWith("or name their column with ReadOptions.withLabelColumn Species");
    same(judged(species, DEFAULTS.withLabelColumn("Species")));
  }

  @ParameterizedTest
  @CsvSource({
    "fold, 3",
    "split, 1",
    "sample_id, 17",
    "predict, 0.5",
    "date, 2024-01-01",
    "comment, hello",
    "CustomerID, 9",
    "img_path, a.png",
    "timestamp, 1700000000"
  })
  void aColumnBesideTheClassesIsLeftOutWhereSumsHaveNoRoomForIt(String name, String value)
      throws IOException {
    for (String[] labels : new String[][] {{"0", "1"}, {"cat", "dog"}}) {
      String text = rows(name + ",cat,dog,label", value + ",%2$s,%3$s", labels[0], labels[1]);
      Judged judged = judged(csv(text), DEFAULTS);
      same(judged);
      assertThat(judged.note().ignored()).containsExactly(name);
    }
  }

  @ParameterizedTest
  @CsvSource({"age, 40", "age, 0.5", "threshold, 1", "bias, 0.125"})
  void anUnknownColumnIsRefusedWithTheOptionThatLeavesItOut(String name, String value)
      throws IOException {
    String text = rows(name + ",cat,dog,label", value + ",%2$s,%3$s", "0", "1");
    assertThat(refusal(csv(text), DEFAULTS)).contains("ReadOptions.withIgnoredColumns " + name);
    same(advised(csv(text), DEFAULTS));
  }

  @Test
  void aFileOfNothingButClassesIsReadAndAConstantOneIsToldOf() throws IOException {
    same(judged(csv(rows("cat,dog,label", "%2$s,%3$s", "0", "1")), DEFAULTS));
    String never = rows("cat,dog,eel,label", "%2$s,0,%3$s", "0", "1");
    assertThat(refusal(csv(never), DEFAULTS)).contains("'eel' holds whole numbers alone");
    assertThat(advised(csv(never), DEFAULTS).note().classes()).containsExactly("cat", "dog", "eel");
    Judged stem = judged(csv(rows("p_cat,p_dog,p_eel,label", "%2$s,0,%3$s", "0", "1")), DEFAULTS);
    assertThat(stem.note().classes()).containsExactly("cat", "dog", "eel");
    assertThat(PredictionFiles.readNoted(folder.resolve("p.csv"), DEFAULTS).note().warnings())
        .containsExactly(
            "class eel has probability 0.0 in every row: a class that is never predicted, or a"
                + " column that is no class");
  }

  @Test
  void labelsThatCountAllColumnsMakeThemClasses() throws IOException {
    String sure = "a,b,label\n1,0,0\n0,1,1\n1,0,0\n";
    assertThat(judged(csv(sure), DEFAULTS).accuracy()).isEqualTo(1);
    assertThat(refusal(csv(sure.replace(",1\n", ",0\n")), DEFAULTS))
        .contains("holds whole numbers alone")
        .endsWith("ReadOptions.withClassColumns a,b");
    ReadOptions logits = DEFAULTS.withLogits(true);
    assertThat(judged(csv("a,b,label\n1.5,0.5,0\n-2,1,1\n"), logits).accuracy()).isEqualTo(1);
    String half = "a,b,label\n1.5,0.5,0\n-2,1,0\n";
    assertThat(refusal(csv(half), logits)).contains("logits have no sums");
    assertThat(advised(csv(half), logits).accuracy()).isEqualTo(0.5);
  }

  @Test
  void accuracyBelowChanceIsToldOf() throws IOException {
    String text = "p_default,p_ok,label\n0.75,0.25,1\n0.625,0.375,1\n0.125,0.875,0\n0.25,0.75,1\n";
    Judged judged = judged(csv(text), DEFAULTS);
    assertThat(judged.accuracy()).isEqualTo(0.25);
    assertThat(judged.note().warnings())
        .containsExactly(
            "accuracy 0.2500 is below chance, 1 / 2: label 1 was taken for class ok, and may mean"
                + " the other one");
    Judged meant = judged(csv(text), DEFAULTS.withPositiveClass("default"));
    assertThat(meant.accuracy()).isEqualTo(0.75);
    assertThat(meant.note().warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "True,False",
    "true,false",
    "TRUE,FALSE",
    "yes,no",
    "Yes,No",
    "Y,N",
    "T,F",
    "positive,negative",
    "1,0",
    "1.0,0.0",
    "score,other"
  })
  void oneColumnIsOfThePositiveClass(String positive, String negative) throws IOException {
    String labels =
        "score,label\n0.75," + positive + "\n0.25," + negative + "\n0.625," + negative + "\n";
    Judged judged = judged(csv(labels), DEFAULTS);
    judged.are(2 / 3.0, -(2 * Math.log(0.75) + Math.log(0.375)) / 3);
  }

  @ParameterizedTest
  @CsvSource({"spam,ham", "2,1", "1,-1", "malignant,benign"})
  void twoOtherLabelsTakeTheNameOfThePositiveOne(String positive, String negative)
      throws IOException {
    String text =
        "y_prob,label\n0.75," + positive + "\n0.25," + negative + "\n0.625," + negative + "\n";
    assertThat(refusal(csv(text), DEFAULTS)).endsWith("ReadOptions.withPositiveClass " + positive);
    advised(csv(text), DEFAULTS).are(2 / 3.0, -(2 * Math.log(0.75) + Math.log(0.375)) / 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "255", "-100", "unknown"})
  void rowsAreLeftOutByTheirLabelAndCounted(String label) throws IOException {
    String text = rows("cat,dog,label", "%2$s,%3$s", "cat", "dog") + "0.5,0.5," + label + "\n";
    Judged judged = advised(csv(text.replace("cat\n", "0\n").replace("dog\n", "1\n")), DEFAULTS);
    same(judged);
    assertThat(judged.note().warnings()).containsExactly("1 row was left out by label: " + label);
    ReadOptions none = DEFAULTS.withLabelsNeeded(false);
    Predictions read = PredictionFiles.read(csv(text), none);
    assertThat(read.hasLabels()).isFalse();
    assertThat(read.rows()).isEqualTo(4);
  }

  @Test
  void classNamesMayHoldCommas() throws IOException {
    String text = "\"dog, big\",cat,age,label\n0.75,0.25,3,\"dog, big\"\n0.5,0.5,4,cat\n";
    Judged judged = judged(csv(text), DEFAULTS.withClassColumns(List.of("cat", "dog, big")));
    assertThat(judged.note().classes()).containsExactly("cat", "dog, big");
    assertThat(judged.accuracy()).isEqualTo(1);
    String zero = "\"dog, big\",cat,eel,label\n0.75,0.25,0,0\n0.25,0.75,0,1\n";
    assertThat(refusal(csv(zero), DEFAULTS)).contains("withClassColumns '\"dog, big\",cat,eel'");
    assertThat(advised(csv(zero), DEFAULTS).accuracy()).isEqualTo(1);
  }

  @Test
  void percentSignsAreReadAsPercentages() throws IOException {
    Path file = csv("cat,dog,label\n75%,25%,0\n37.5%,62.5%,1\n37.5%,62.5%,0\n");
    assertThat(refusal(file, DEFAULTS)).contains("it is a percentage: read them with");
    same(advised(file, DEFAULTS));
    same(
        judged(
            csv("p_cat,p_dog,label\n75,25,0\n37.5,62.5,1\n37.5,62.5,0\n"),
            DEFAULTS.withPercent(true)));
  }

  @Test
  void maskedLogitsHaveProbabilityZero() throws IOException {
    ReadOptions logits = DEFAULTS.withLogits(true);
    Path file = csv("logit_a,logit_b,logit_c,label\n2,1,-inf,0\n-Infinity,1,1,2\n0,0,0,1\n");
    Judged judged = judged(file, logits);
    double first = Math.log(1 / (1 + Math.exp(-1)));
    judged.are(1 / 3.0, -(first + Math.log(0.5) + Math.log(1 / 3.0)) / 3);
    Predictions read = PredictionFiles.read(file, logits);
    assertThat(read.hasLogits()).isFalse();
    assertThat(read.probability(1, 0)).isZero();
    assertThat(refusal(csv("logit_a,logit_b,label\n-inf,-inf,0\n"), logits))
        .contains("must not all be minus infinity");
    assertThat(refusal(csv("p_a,p_b,label\n-inf,1,0\n"), DEFAULTS))
        .contains("must be a finite number, got '-inf'");
  }

  @Test
  void oneColumnOfLogitsGoesThroughASigmoid() throws IOException {
    ReadOptions logits = DEFAULTS.withLogits(true);
    Judged judged = judged(csv("logit,label\n2.5,1\n-1,0\n0.5,0\n"), logits);
    double nll = Math.log1p(Math.exp(-2.5)) + Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(0.5));
    judged.are(2 / 3.0, nll / 3);
    assertThat(advised(csv("score,label\n2.5,1\n-1,0\n0.5,0\n"), DEFAULTS).nll())
        .isEqualTo(judged.nll());
    assertThat(refusal(csv("logit,label\n0.5,1\n0.25,0\n"), logits)).contains("distributions");
  }

  @Test
  void theNumberOfOneRowIsNoClass() throws IOException {
    assertThat(judged(csv(",a,b,label\n0,0.3,0.7,1\n"), DEFAULTS).accuracy()).isEqualTo(1);
    assertThat(judged(csv("Unnamed: 0,a,b,label\n0,0.3,0.7,1\n"), DEFAULTS).nll())
        .isEqualTo(-Math.log(0.7));
  }

  @Test
  void twoColumnsOfLabelsAreToldApartByTheOptionNamed() throws IOException {
    Path file = csv(rows("cat,dog,label,target", "%2$s,%3$s,1", "cat", "dog"));
    assertThat(refusal(file, DEFAULTS))
        .endsWith("say which with ReadOptions.withLabelColumn label");
    assertThat(refusal(file, DEFAULTS.withLabelColumn("label")))
        .contains("withIgnoredColumns target");
    same(judged(file, DEFAULTS.withLabelColumn("label").withIgnoredColumns(List.of("target"))));
  }

  @Test
  void numbersThatAreNamesOrIndicesAreToldApartByAllLabels() throws IOException {
    String text = "3,1,2,label\n0.75,0.125,0.125,%s\n0.125,0.75,0.125,%s\n0.25,0.25,0.5,%s\n";
    assertThat(judged(csv(String.format(Locale.ROOT, text, 3, 1, 2)), DEFAULTS).accuracy())
        .isEqualTo(1);
    assertThat(judged(csv(String.format(Locale.ROOT, text, 0, 1, 2)), DEFAULTS).accuracy())
        .isEqualTo(1);
    assertThat(refusal(csv(String.format(Locale.ROOT, text, 1, 2, 1)), DEFAULTS))
        .contains("could be the class named so or the class of that index");
    ReadOptions names = DEFAULTS.withLabels(Labels.NAME);
    assertThat(judged(csv(String.format(Locale.ROOT, text, 1, 2, 1)), names).accuracy()).isZero();
  }
}

package io.github.swag4j.calibration.io;

import static io.github.swag4j.calibration.io.ReadCases.advised;
import static io.github.swag4j.calibration.io.ReadCases.judged;
import static io.github.swag4j.calibration.io.ReadCases.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.io.ReadCases.Judged;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What refusals advise is tried before it is said. */
class AdviceTest {
  private static final ReadOptions DEFAULTS = ReadOptions.defaults();
  private static final double[][] P = {
    {0.75, 0.125, 0.125}, {0.25, 0.5, 0.25}, {0.125, 0.25, 0.625}, {0.5, 0.375, 0.125}
  };
  private static final int[] LABELS = {0, 1, 2, 1};
  private static final double NLL =
      -(Math.log(0.75) + Math.log(0.5) + Math.log(0.625) + Math.log(0.375)) / 4;

  @TempDir Path folder;

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("p.csv"), text);
  }

  /** The rows, with fields before and behind them, and labels that are these names. */
  private static String rows(String header, String before, String behind, String... names) {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int r = 0; r < P.length; r++) {
      text.append(before.replace("#", "" + r));
      for (double p : P[r]) {
        text.append(p).append(',');
      }
      text.append(names[LABELS[r]]).append(behind.replace("#", "" + r)).append('\n');
    }
    return text.toString();
  }

  private static String animals(String header, String before, String behind) {
    return rows(header, before, behind, "cat", "dog", "eel");
  }

  private static void right(Judged judged) {
    judged.are(0.75, NLL);
  }

  @ParameterizedTest
  @CsvSource({"dog,''", "cat,TOTAL", "eel,4/10", "dog,nan"})
  void aClassThatLabelsNameIsNotAdvisedToBeLeftOutForOneBadCell(String column, String cell)
      throws IOException {
    int at = List.of("cat", "dog", "eel").indexOf(column);
    String[] lines = animals("cat,dog,eel,label", "", "").split("\n", -1);
    String[] fields = lines[2].split(",", -1);
    fields[at] = cell;
    lines[2] = String.join(",", fields);
    assertThat(refusal(csv(String.join("\n", lines)), DEFAULTS))
        .contains("line 3", "fill it in, or take the row out")
        .doesNotContain("ReadOptions");
  }

  @Test
  void percentIsNotAdvisedWhereOnlySomeCellsHaveTheSign() throws IOException {
    String text = animals("cat,dog,eel,label", "", "");
    assertThat(refusal(csv(text.replace("0.625", "62.5%")), DEFAULTS)).doesNotContain("Percent");
  }

  @Test
  void classesThatStandSideBySideAreNamedWhateverNumbersAreBeside() throws IOException {
    Path beside = csv(animals("lat,lon,cat,dog,eel,label", "48.#,11.#5,", ""));
    assertThat(refusal(beside, DEFAULTS)).doesNotContain("logits").contains(" cat,dog,eel");
    right(advised(beside, DEFAULTS));
    right(advised(csv(animals("m_cat,m_dog,m_eel,label,s_cat,s_dog", "", ",0.#1,0.#2")), DEFAULTS));
  }

  @ParameterizedTest
  @CsvSource({"id,ego,superego", "time,space,mass", "group,pair,crowd", "date,fig,plum"})
  void classesWithNamesOfWhatStandsBesideAreAdvisedByTheLabels(String a, String b, String c)
      throws IOException {
    // The first label is the class that can only be one, so that no name is seen at first.
    Path file = csv(rows(b + "," + a + "," + c + ",label", "", "", b, a, c));
    boolean read = ReadCases.refusedOrRead(file).isEmpty();
    right(read ? judged(file, DEFAULTS) : advised(file, DEFAULTS));
  }

  @Test
  void labelsInOtherCapitalsAreNotAdvisedToBeLeftOut() throws IOException {
    assertThat(refusal(csv(rows("cat,dog,eel,label", "", "", "Cat", "Dog", "Eel")), DEFAULTS))
        .contains("'cat' has other capitals")
        .doesNotContain("ReadOptions");
  }

  @Test
  void oneHotLabelsAreCalledSoAndNoneIsAdvisedAsTheLabel() throws IOException {
    String text =
        "p_cat,p_dog,p_eel,y_cat,y_dog,y_eel\n0.75,0.125,0.125,1,0,0\n0.25,0.5,0.25,0,1,0\n"
            + "0.125,0.25,0.625,0,0,1\n";
    assertThat(ReadCases.unlabelled(csv(text)))
        .contains("y_cat, y_dog, y_eel are labels one-hot")
        .doesNotContain("ReadOptions");
  }

  @Test
  void aClassThatIsNeverPredictedMayBeNamedOrLeftOut() throws IOException {
    String said = refusal(csv(animals("fox,cat,dog,eel,label", "0.0,", "")), DEFAULTS);
    assertThat(said).contains("fox,cat,dog,eel, or leave", "withIgnoredColumns fox");
  }

  @Test
  void aLabelThatNamesAColumnIsNotTakenForTrueOrFalse() throws IOException {
    String text = rows("fold,no,yes,maybe,label", "#,", "", "no", "yes", "maybe");
    assertThat(refusal(csv(text.replace("0.25,yes", "0.25,?")), DEFAULTS))
        .contains("withClassColumns no,yes,maybe")
        .doesNotContain("Positive");
  }

  @Test
  void oneBesideYesAndNoIsNotTakenForNo() throws IOException {
    String text = "yes,no,label\n0.75,0.25,1\n0.25,0.75,0\n0.625,0.375,1\n0.875,0.125,0\n";
    Judged judged = advised(csv(text), DEFAULTS);
    judged.are(0.75, -(Math.log(0.75) * 2 + Math.log(0.625) + Math.log(0.125)) / 4);
    ReadOptions columns = DEFAULTS.withClassColumns(List.of("yes", "no"));
    judged(csv(text), columns.withLabels(ReadOptions.Labels.INDEX))
        .are(0.25, -(Math.log(0.25) * 2 + Math.log(0.375) + Math.log(0.875)) / 4);
  }

  @Test
  void labelsOfTwoOtherNumbersAreAdvisedByThePositiveClass() throws IOException {
    Path file = csv("prob,y\n0.75,2\n0.25,1\n0.625,2\n0.875,1\n");
    advised(file, DEFAULTS).are(0.75, -(Math.log(0.75) * 2 + Math.log(0.625 * 0.125)) / 4);
  }

  @Test
  void labelsWithoutAZeroThatFitBetterFromOneAreAWarning() throws IOException {
    String text = rows("cat,dog,eel,label", "", "", "1", "2", "2");
    assertThat(judged(csv(text), DEFAULTS).note().warnings().toString())
        .contains("no label is 0: labels may count from 1");
    assertThat(judged(csv(rows("cat,dog,eel,label", "", "", "0", "1", "2")), DEFAULTS).note())
        .satisfies(note -> assertThat(note.warnings()).isEmpty());
  }

  @Test
  void labelsMayLeaveOutWhatAllClassesBeginOrEndWith() throws IOException {
    ReadOptions mean = DEFAULTS.withClassColumns(List.of("mean_cat", "mean_dog", "mean_eel"));
    right(judged(csv(animals("mean_cat,mean_dog,mean_eel,label", "", "")), mean));
    right(
        judged(
            csv(
                animals(
                    "Probability:Class=cat,Probability:Class=dog,Probability:Class=eel,Label",
                    "",
                    "")),
            DEFAULTS));
  }

  @Test
  void emptyColumnsWithoutANameEndATable() throws IOException {
    right(judged(csv(animals("cat,dog,eel,label,,", "", ",,")), DEFAULTS));
    assertThat(refusal(csv(animals("cat,dog,eel,label,,", "", ",,7")), DEFAULTS))
        .contains("a column must have a name, got none and '7'");
    assertThat(refusal(csv(animals("cat,dog,eel,label", "", ",")), DEFAULTS))
        .contains("got one more", "write.table");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "cat dog label;0.5 0.5 cat;fields must be separated",
        "# of a model;a,b;take the lines out",
        "Export,,;a,b,c;take the lines out",
        "probs,label;'\"[0.5,0.5]\",0';holds the numbers of several classes",
        "cat,dog,label;\"'0.5'\",\"'0.5'\",cat;double quotes or none"
      })
  void tablesOfAnotherShapeAreSaidToBeSo(String header, String row, String said)
      throws IOException {
    assertThat(refusal(csv(header + "\n" + row + "\n"), DEFAULTS)).contains(said);
  }

  private static final List<List<String>> CLASSES =
      List.of(
          List.of("cat", "dog", "eel"),
          List.of("id", "ego", "superego"),
          List.of("time", "mass", "group"),
          List.of("p_a", "p_b", "p_c"),
          List.of("no", "yes", "maybe"),
          List.of("2", "0", "1"));

  private static final List<String> CELLS =
      List.of("", "0.5", "7", "0", "62.5%", "x", "12.25", "1e-5", "-3.5", "2026-01-01", "NA");

  /** A label that no class fits, and one that names a column: what is no class is not named. */
  @ParameterizedTest
  @CsvSource({"age,31,32,33", "share,0.1,0.2,0.3"})
  void aColumnThatALabelNamesIsAddedWithoutThoseThatAreNoClasses(
      String extra, String first, String second, String third) throws IOException {
    String rows =
        String.join(
            "\n",
            extra + ",no,yes,maybe,label",
            first + ",0.75,0.125,0.125,no",
            second + ",0.25,0.5,0.25,0",
            third + ",0.125,0.25,0.625,maybe");
    assertThat(refusal(csv(rows + "\n"), DEFAULTS))
        .contains("label 'no' names a column that could be a class")
        .endsWith("withClassColumns no,yes,maybe");
  }

  /** Tables with a column too many, one cell that is odd, and labels of any kind. */
  @Property(tries = 250)
  void everyOptionThatARefusalNamesReadsTheTable(
      @ForAll @IntRange(max = 5) int classes,
      @ForAll @IntRange(max = 10) int cell,
      @ForAll @IntRange(max = 4) int extra,
      @ForAll @IntRange(max = 3) int oddRow,
      @ForAll @IntRange(max = 4) int oddColumn,
      @ForAll boolean indices)
      throws IOException {
    List<String> names = CLASSES.get(classes);
    List<List<String>> table = new ArrayList<>();
    table.add(new ArrayList<>(names));
    table.get(0).add("label");
    for (int r = 0; r < P.length; r++) {
      List<String> row = new ArrayList<>(Arrays.stream(P[r]).mapToObj(p -> "" + p).toList());
      row.add(indices ? "" + LABELS[r] : names.get(LABELS[r]));
      table.add(row);
    }
    if (extra > 0) {
      table.get(0).add(0, List.of("age", "fold", "share", "note").get(extra - 1));
      for (int r = 1; r < table.size(); r++) {
        table.get(r).add(0, List.of("3" + r, "" + r % 2, "0." + r, "n" + r).get(extra - 1));
      }
    }
    List<String> odd = table.get(1 + oddRow);
    odd.set(oddColumn % odd.size(), CELLS.get(cell));
    Path folderOfTry = Files.createTempDirectory("advice");
    Path file = folderOfTry.resolve("p.csv");
    try {
      Files.write(file, table.stream().map(each -> String.join(",", each)).toList());
      String refused = ReadCases.refusedOrRead(file);
      for (ReadOptions named : ReadCases.named(refused, DEFAULTS)) {
        String again = ReadCases.refusedOrRead(file, named);
        // What labels mean is looked at when the classes are known: that may be asked, too.
        boolean otherLabel =
            again.contains("column " + table.get(0).size() + ": 'label'")
                || again.contains("withLabels");
        assertThat(otherLabel ? "" : again).as("%s: %s", table, refused).isEmpty();
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folderOfTry);
    }
  }
}

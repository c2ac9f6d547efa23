package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.scores.ProperScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** However columns are ordered, called and mixed with others: the number is right, or refused. */
class ColumnRuleProperties {
  private static final List<String> CLASSES =
      List.of(
          "cat",
          "dog",
          "eel",
          "\"dog, big\"",
          "weight",
          "id",
          "fold",
          "y",
          "time",
          "0",
          "1",
          "2",
          "3",
          "True",
          "False",
          "yes",
          "no",
          "p",
          "prob_a",
          "setosa",
          "\u00e9",
          "group",
          "target",
          "score",
          "logit_cat",
          "n",
          "expected_entropy",
          "p_cat",
          "p_dog",
          "pred",
          "label2",
          "1.0");

  private static final List<String> OTHERS =
      List.of(
          "idx",
          "sample_id",
          "index",
          "fold2",
          "split",
          "predict",
          "prediction",
          "date",
          "timestamp",
          "row",
          "customer",
          "age",
          "threshold",
          "filename",
          "user",
          "epoch",
          "price",
          "margin");

  /** A table, its labels, and what must come out. */
  private record Case(String text, double accuracy, double nll) {}

  @Property(tries = 600)
  void noColumnChangesANumberWithoutARefusal(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int classes) throws IOException {
    Random random = new Random(seed);
    Case of = of(random, classes, random.nextInt(3) == 0);
    Path file = Files.createTempFile("columns", ".csv");
    try {
      Files.writeString(file, of.text());
      Predictions read = PredictionFiles.read(file);
      if (read.hasLabels()) {
        check(read, of);
      }
    } catch (PredictionFileException e) {
      if (e.getMessage().matches("(?s).*ReadOptions.with(Ignored|Class)Columns \\S.*")) {
        check(ReadCases.advisedInMemory(file, e.getMessage()), of);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void check(Predictions read, Case of) {
    ProperScores scores = ProperScores.of(read);
    assertThat(scores.accuracy()).as(of.text()).isEqualTo(of.accuracy());
    assertThat(scores.nll())
        .as(of.text())
        .isCloseTo(of.nll(), org.assertj.core.api.Assertions.within(1e-9));
  }

  private static Case of(Random random, int classes, boolean byIndex) {
    List<String> names = new ArrayList<>(CLASSES);
    Collections.shuffle(names, random);
    names = names.subList(0, classes);
    int rows = 4 + random.nextInt(12);
    List<List<String>> columns = new ArrayList<>();
    names.forEach(name -> columns.add(new ArrayList<>(List.of(name))));
    List<String> label = new ArrayList<>(List.of("label"));
    double right = 0;
    double nll = 0;
    for (int r = 0; r < rows; r++) {
      int[] thousandths = thousandths(random, classes);
      int k = random.nextInt(classes);
      int best = 0;
      for (int c = 0; c < classes; c++) {
        columns.get(c).add(Double.toString(thousandths[c] / 1000.0));
        best = thousandths[c] > thousandths[best] ? c : best;
      }
      right += best == k ? 1 : 0;
      nll -= Math.log(thousandths[k] / 1000.0);
      label.add(byIndex ? "" + k : names.get(k));
    }
    columns.add(label);
    if (!byIndex) {
      Collections.shuffle(columns, random);
    }
    List<String> others = new ArrayList<>(OTHERS);
    Collections.shuffle(others, random);
    for (int i = random.nextInt(3); i > 0; i--) {
      columns.add(random.nextInt(columns.size() + 1), other(random, others.get(i), rows));
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r <= rows; r++) {
      for (int c = 0; c < columns.size(); c++) {
        text.append(c == 0 ? "" : ",").append(columns.get(c).get(r));
      }
      text.append('\n');
    }
    return new Case(text.toString(), right / rows, nll / rows);
  }

  /** Probabilities in thousandths, of which one is the largest, none is 0. */
  private static int[] thousandths(Random random, int classes) {
    int[] p = new int[classes];
    int left = 1000;
    for (int c = 0; c < classes - 1; c++) {
      p[c] = 1 + random.nextInt(left / 2 - classes);
      left -= p[c];
    }
    p[classes - 1] = left;
    for (int c = 0; c < classes - 1; c++) {
      if (p[c] == left) {
        p[c]--;
        p[classes - 1]++;
      }
    }
    int other = random.nextInt(classes);
    int kept = p[other];
    p[other] = p[classes - 1];
    p[classes - 1] = kept;
    boolean tie =
        java.util.Arrays.stream(p)
                .filter(v -> v == java.util.Arrays.stream(p).max().orElse(0))
                .count()
            > 1;
    return tie ? thousandths(random, classes) : p;
  }

  private static List<String> other(Random random, String name, int rows) {
    List<String> column = new ArrayList<>(List.of(name));
    int kind = random.nextInt(8);
    for (int r = 0; r < rows; r++) {
      column.add(
          switch (kind) {
            case 0 -> "" + r;
            case 1 -> "0";
            case 2 -> "1";
            case 3 -> "0.5";
            case 4 -> "" + random.nextInt(5);
            case 5 -> "" + random.nextInt(1000) / 1000.0;
            case 6 -> "img_" + r + ".png";
            default -> "" + random.nextInt(2);
          });
    }
    return column;
  }
}

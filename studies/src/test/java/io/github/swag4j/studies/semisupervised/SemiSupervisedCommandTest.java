package io.github.swag4j.studies.semisupervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.cli.Main;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Found;
import io.github.swag4j.studies.semisupervised.FewLabelsTask.Measured;
import io.github.swag4j.studies.semisupervised.SemiSupervisedSettings.Choice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command in small, and what its page says. */
class SemiSupervisedCommandTest {
  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(out, new PrintWriter(err, true), args);
    return new Ran(code, out.toString(), err.toString());
  }

  /** Options by name, each said once. */
  private Ran small(String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--out", folder.resolve("few").toString());
    options.put("--data", "quickstart");
    options.put("--labels", "20");
    options.put("--unlabelled", "32");
    options.put("--batch", "8");
    options.put("--collections", "2");
    options.put("--epochs", "3");
    options.put("--half-waves", "2");
    // A quarter of it is 7.5E-4 in Java's words, which are no name of a part.
    options.put("--peaks", "0.003");
    options.put("--consistency", "3");
    options.put("--test-rows", "60");
    options.put("--curve-rows", "50");
    options.put("--refreshed", "40");
    options.put("--seeds", "1");
    for (int i = 0; i + 1 < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    List<String> args = new ArrayList<>(List.of("semi-supervised"));
    options.forEach((name, value) -> args.addAll(List.of(name, value)));
    if (more.length == 1) {
      args.add(more[0]);
    }
    return run(args.toArray(new String[0]));
  }

  /** Else fast-SWA would average weights that nothing has trained. */
  @Test
  void theDecayIsLongerThanACycle() {
    Ran ran = small("--decay", "1");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--decay more than --cycle");
    assertThat(small("--validation", "0").err()).contains("--validation must be at least 1, got 0");
  }

  @Test
  void allMethodsAreTrainedOnceAndTheSameBitsComeAgain() throws IOException {
    Ran first = small();
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("Mean Teacher", "Pi model", "labels alone", "fast-SWA reaches the error")
        .contains("Chosen at an end of what was tried", "half wave 2.0, the only one");
    Path out = folder.resolve("few");
    assertThat(out.resolve("figures/labels-20.svg")).exists();
    assertThat(Files.readString(out.resolve("tables/semi-supervised.csv")))
        .contains("Mean Teacher,teacher")
        .contains("Pi model,SWA");
    Path part = out.resolve("parts/labels-20-mean-teacher-seed-1.json");
    String kept = Files.readString(part);
    Path other = out.resolve("parts/labels-20-pi-seed-1.json");
    long written = Files.getLastModifiedTime(other).toMillis();
    Files.delete(part);
    Files.delete(out.resolve("figures/labels-20.svg"));
    Ran again = small("--json");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(Files.readString(part)).isEqualTo(kept);
    assertThat(Files.getLastModifiedTime(other).toMillis()).isEqualTo(written);
    assertThat(Files.readString(out.resolve("figures/labels-20.svg")))
        .as("drawn again, all ways and all weights")
        .contains(
            ">labels alone<",
            ">mixed batches<",
            ">Mean Teacher<",
            ">SWA<",
            ">fast-SWA<",
            ">teacher<");
    JsonObject found = JsonParser.parseString(again.out()).getAsJsonObject();
    JsonObject teacher =
        found.getAsJsonObject("found").getAsJsonArray("20-mean-teacher").get(0).getAsJsonObject();
    assertThat(teacher.getAsJsonObject("last").keySet())
        .containsExactly("SGD", "teacher", "SWA", "fast-SWA");
    JsonObject curves = teacher.getAsJsonObject("curves");
    assertThat(curves.getAsJsonArray("SGD")).hasSize(3);
    assertThat(curves.getAsJsonArray("SWA")).as("from the decay on").hasSize(2);
    assertThat(curves.getAsJsonArray("fast-SWA")).as("a cycle earlier").hasSize(3);
    assertThat(small("--noise", "1").err()).contains("was made with other settings");
  }

  @Test
  void whatCannotBeTrainedIsRefusedBeforeAnythingIs() {
    assertThat(small("--labels", "25").err())
        .contains("labels must be a multiple of the 10 classes, as many of each, got 25");
    assertThat(small("--collections", "3").err())
        .contains("--collections must divide the 4 steps of a cycle, got 3");
    assertThat(small("--cycle", "9").code()).isEqualTo(2);
    assertThat(small("--consistency", "0").err()).contains("--consistency must be above 0");
    assertThat(small("--unlabelled", "99984").err()).contains("that are left, got 99984");
    assertThat(folder.resolve("few")).doesNotExist();
  }

  private static Found found(double[] sgd, double[] swa, double[] fast) {
    Map<String, List<Double>> curves = new LinkedHashMap<>();
    Map<String, Measured> last = new LinkedHashMap<>();
    Map<String, double[]> all = new LinkedHashMap<>();
    all.put(FewLabelsTask.SGD, sgd);
    all.put(FewLabelsTask.SWA, swa);
    all.put(FewLabelsTask.FAST_SWA, fast);
    all.forEach(
        (name, curve) -> {
          curves.put(name, DoubleStream.of(curve).boxed().toList());
          last.put(name, new Measured(curve[curve.length - 1], 1, 0.1));
        });
    return new Found(false, last, curves);
  }

  @Test
  void anErrorIsReachedWhereTheMeanOfSeedsIs() {
    List<Found> seeds =
        List.of(
            found(
                new double[] {0.5, 0.4, 0.35, 0.30},
                new double[] {0.4, 0.4},
                new double[] {0.38, 0.25, 0.25}),
            found(
                new double[] {0.5, 0.4, 0.40, 0.30},
                new double[] {0.4, 0.3},
                new double[] {0.34, 0.33, 0.25}));
    // Means: SGD ends with 0.30; fast-SWA has 0.36, 0.29, 0.25 after epochs 2 to 4.
    assertThat(ReachedErrors.epochs(seeds)).containsExactly(4, Double.NaN, 3);
    String sentence = ReachedErrors.sentence(Map.of(100, Map.of(Way.PI, seeds)));
    assertThat(sentence)
        .contains("than SGD for 1 of 1 pairs")
        .contains("later or never for 0")
        .contains("than SWA for 1, in as many for 0");
  }

  @Test
  void settingsAreChosenByAllThreeTogether() {
    double[] none = {0.5};
    Map<Choice, Found> tried = new LinkedHashMap<>();
    Choice sgd = new Choice(0.1, 2, 3);
    Choice all = new Choice(0.1, 2, 10);
    tried.put(sgd, found(new double[] {0.1}, none, none));
    tried.put(all, found(new double[] {0.3}, new double[] {0.3}, new double[] {0.3}));
    assertThat(SemiSupervisedCommand.best(Way.PI, tried)).isEqualTo(all);
  }

  @Test
  void whatDivergesIsNotChosenAndWithNothingElseTheRateIsToBeLowered() {
    Choice high = new Choice(100, 2, 3);
    Choice low = new Choice(0.1, 2, 3);
    Map<Choice, Found> tried = new LinkedHashMap<>();
    tried.put(high, Found.DIVERGED);
    assertThatThrownBy(() -> SemiSupervisedCommand.best(Way.PI, tried))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--peaks must have a rate at which training does not diverge, Pi");
    tried.put(low, found(new double[] {0.3}, new double[] {0.3}, new double[] {0.3}));
    assertThat(SemiSupervisedCommand.best(Way.PI, tried)).isEqualTo(low);
  }

  /** A study that a rate of its grid ended would lose what the others found. */
  @Test
  void aRateThatDivergesIsSaidAndTheStudyGoesOn() throws IOException {
    Ran ran = small("--peaks", "1e30,0.003");
    assertThat(ran.code()).as(ran.err()).isZero();
    String choices = Files.readString(folder.resolve("few/tables/choices.csv"));
    assertThat(choices).contains("rate 1.0E30, half wave 2.0: diverged");
    assertThat(Files.readString(folder.resolve("few/tables/semi-supervised.csv")))
        .contains("mixed batches, no consistency")
        .doesNotContain("diverged");
  }

  private static SemiSupervisedSettings settings(String... args) {
    return CommandLine.populateCommand(new SemiSupervisedSettings(), args);
  }

  /** What chooses an end of the grid is to be tried beyond it. */
  @Test
  void allThreeGridsAreListsOfAnyLength() {
    SemiSupervisedSettings wide =
        settings("--peaks", "0.2,0.1", "--half-waves", "1.2,2,4,8", "--consistency", "3,1,10");
    wide.check();
    List<Choice> rates = wide.rates(Way.PI);
    assertThat(rates.stream().map(Choice::peak).distinct())
        .as("halves and quarters, none of them twice")
        .containsExactly(0.2, 0.1, 0.05, 0.025);
    assertThat(rates.stream().map(Choice::wave).distinct()).containsExactly(1.2, 2.0, 4.0, 8.0);
    assertThat(rates).hasSize(16).allMatch(choice -> choice.consistency() == 3);
    Choice best = new Choice(0.1, 4, 3);
    assertThat(wide.weights(Way.PI, best))
        .containsExactly(new Choice(0.1, 4, 1), new Choice(0.1, 4, 10));
    assertThat(wide.tries(Way.PI)).isEqualTo(18);
    assertThat(wide.rates(Way.CONTROL)).hasSize(16).allMatch(choice -> choice.consistency() == 0);
    assertThat(wide.weights(Way.CONTROL, new Choice(0.1, 4, 0))).isEmpty();
    assertThat(settings().tries(Way.MEAN_TEACHER)).as("what the documents name").isEqualTo(7);
  }

  @Test
  void aChoiceAtAnEndOfWhatWasTriedIsSaid() {
    Map<Choice, Found> tried = new LinkedHashMap<>();
    for (double peak : new double[] {0.1, 0.05, 0.025}) {
      tried.put(new Choice(peak, 1.2, 3), Found.DIVERGED);
      tried.put(new Choice(peak, 2, 3), Found.DIVERGED);
    }
    tried.put(new Choice(0.05, 2, 10), Found.DIVERGED);
    assertThat(ends(Way.PI, new Choice(0.05, 2, 3), tried))
        .isEqualTo(
            "Chosen at an end of what was tried, so that a better one may lie beyond: Pi model"
                + " (half wave 2.0, the largest; weight 3.0, the smallest). Widen.");
    assertThat(ends(Way.PI, new Choice(0.025, 1.2, 10), tried))
        .contains(
            "(rate 0.025, the smallest; half wave 1.2, the smallest; weight 10.0, the largest)");
    tried.put(new Choice(0.05, 4, 3), Found.DIVERGED);
    tried.put(new Choice(0.05, 2, 1), Found.DIVERGED);
    assertThat(ends(Way.PI, new Choice(0.05, 2, 3), tried))
        .isEqualTo("All choices lie between others that were tried.");
    assertThat(ends(Way.LABELS, new Choice(0.05, 2, 0), Map.of(new Choice(0.05, 2, 0), 0)))
        .as("no weight to choose")
        .contains("labels alone (rate 0.05, the only one; half wave 2.0, the only one)");
  }

  private static String ends(Way way, Choice choice, Map<Choice, ?> tried) {
    return GridEnds.sentence(Map.of(way, choice), Map.of(way, tried), "Widen.");
  }

  @Test
  void everyWayHasAPanelWithAllThatIsJudgedOfIt() {
    Found plain = found(new double[] {0.5, 0.4}, new double[] {0.3}, new double[] {0.5, 0.2});
    Map<Way, List<Found>> of = new EnumMap<>(Way.class);
    of.put(Way.LABELS, List.of(plain, plain));
    of.put(Way.CONTROL, List.of(Found.DIVERGED));
    of.put(Way.PI, List.of(Found.DIVERGED, plain));
    Map<String, List<Double>> taught = new LinkedHashMap<>(plain.curves());
    taught.put(FewLabelsTask.TEACHER, List.of(0.35, 0.25));
    of.put(Way.MEAN_TEACHER, List.of(new Found(false, plain.last(), taught)));
    List<String> points = new ArrayList<>();
    for (List<Object> row : ErrorCurves.chart("t", 4, of).orElseThrow().data().rows()) {
      points.add(
          String.format(
              Locale.ROOT,
              "%s, %s at %.0f: %.0f",
              row.get(0),
              row.get(1),
              (Double) row.get(2),
              (Double) row.get(3)));
    }
    assertThat(points)
        .contains("labels alone, SGD at 3: 50", "labels alone, SGD at 4: 40")
        .contains("labels alone, SWA at 4: 30", "labels alone, fast-SWA at 3: 50")
        .contains("Pi model, fast-SWA at 4: 20", "Mean Teacher, teacher at 4: 25")
        .hasSize(5 + 5 + 7);
    assertThat(ErrorCurves.chart("t", 4, Map.of(Way.PI, List.of(Found.DIVERGED)))).isEmpty();
  }

  @Test
  void seedsThatDivergedAreCountedAndLeftOutOfMeans() {
    List<Found> seeds =
        List.of(
            Found.DIVERGED,
            found(new double[] {0.3, 0.2}, new double[] {0.2}, new double[] {0.2, 0.1}));
    assertThat(Found.finite(seeds)).hasSize(1);
    assertThat(seeds.get(0).error(FewLabelsTask.SGD)).isNaN();
    assertThat(
            ReachedErrors.sentence(
                Map.of(100, Map.of(Way.PI, seeds, Way.LABELS, List.of(Found.DIVERGED)))))
        .contains("than SGD for 1 of 1 pairs");
  }
}

package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.cli.Cli;
import io.github.swag4j.cli.run.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of evaluate: what a reader who has nothing else needs to know. */
class PredictionReportTest {
  private static final int ROWS = 1234;

  @TempDir private static Path folder;
  private static Path classes;
  private static Path binary;

  @BeforeAll
  static void writeFiles() throws IOException {
    classes = folder.resolve("classes.csv");
    binary = folder.resolve("binary.csv");
    PredictionFiles.write(classes, classes(0));
    Random random = new Random(2);
    double[] positive = random.doubles(ROWS).toArray();
    int[] labels = IntStream.range(0, ROWS).map(row -> random.nextInt(2)).toArray();
    PredictionFiles.write(binary, Predictions.binary(positive, labels));
  }

  private static Predictions classes(int sure) {
    Random random = new Random(1);
    double[][] rows = new double[ROWS][];
    int[] labels = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      double p = row < sure ? 1 : 0.4 + 0.6 * random.nextDouble();
      double q = (1 - p) * random.nextDouble();
      rows[row] = new double[] {p, q, 1 - p - q};
      labels[row] = random.nextInt(3);
    }
    return Predictions.builder()
        .probabilities(rows)
        .labels(labels)
        .classNames(List.of("cat", "dog", "<fox>"))
        .build();
  }

  /** The page of files. */
  private static String page(String name, String... arguments) throws IOException {
    Path report = folder.resolve(name);
    String[] all = new String[arguments.length + 3];
    all[0] = "evaluate";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--report";
    all[all.length - 1] = report.toString();
    Cli cli = Cli.run(all);
    assertThat(cli.code()).as(cli.err()).isZero();
    return Files.readString(report.resolve("report.html"));
  }

  private static String cell(double value) {
    return ">" + String.format(Locale.ROOT, "%.4f", value) + "<";
  }

  @Test
  void thePageSaysWhatWasJudgedHowAndByWhat() throws IOException {
    String html = page("said", classes.toString());
    Predictions predictions = PredictionFiles.read(classes);
    assertThat(html)
        .contains("<h1>Calibration of classes.csv</h1>")
        .contains("classes.csv: 1,234 rows of 3 classes (cat, dog, &lt;fox&gt;).")
        .contains("Right in 3", "Over-confident by", "<dl class=\"points\">")
        .contains("ECE: guo: 15 equal-width bins. NLL in nats.")
        .contains("guo: 15 equal-width bins, 1,234 rows</text>")
        .contains("<td>cat, dog, &lt;fox&gt;</td><td>top label</td><td>none</td>")
        .containsPattern("<td class=\"number\"[^>]*>1,234</td><td class=\"number\"[^>]*>3</td>")
        .contains("<dt>page made</dt><dd>20", " UTC</dd>")
        .contains("<dt>swag4j</dt><dd>" + Versions.program() + "</dd>")
        .contains("<footer>Made by swag4j " + Versions.program() + " on 20");
    ReliabilityDiagram.Bin last = ReliabilityDiagram.of(predictions).bins().get(14);
    assertThat(html)
        .containsPattern(
            ">0.9333 to 1.0000</th><td class=\"number\"[^>]*>" + last.count() + "</td>")
        .contains(cell(last.clopperPearson().lower()))
        .contains(cell(last.clopperPearson().upper()));
  }

  @Test
  void everyNumberOfTheJsonIsOnThePage() throws IOException {
    String html = page("every", classes.toString(), binary.toString(), "--convention", "netcal");
    for (Path file : List.of(classes, binary)) {
      Cli cli = Cli.run("evaluate", file.toString(), "--json", "--convention", "netcal");
      JsonObject json = JsonParser.parseString(cli.out()).getAsJsonObject();
      for (MetricWords metric : MetricWords.all(BinningConvention.named("netcal"))) {
        double value = json.get(metric.key()).getAsDouble();
        assertThat(html)
            .contains(">" + metric.name() + "</th>", "<dt>" + metric.name() + "</dt>")
            .contains(
                metric.isPValue() && value < 1e-4
                    ? ">&lt; 0.0001<"
                    : cell(value).replaceAll("<$", "")); // its interval may follow
        json.remove(metric.key());
      }
      assertThat(json.keySet())
          .containsExactly(
              "file",
              "n",
              "classes",
              "saturated",
              "zero_probability_rows",
              "convention",
              "bins",
              "read");
    }
    double mass =
        CalibrationError.of(
                PredictionFiles.read(classes), BinningConvention.EQUAL_MASS.withBins(10))
            .ece();
    assertThat(html).contains(cell(mass), "equal-mass: 10 equal-mass bins", "netcal: 10 equal");
  }

  @Test
  void oneColumnIsJudgedByThePositiveClassAndIsNotCalledConfident() throws IOException {
    String html = page("one", binary.toString());
    assertThat(html)
        .contains("1,234 rows, judged by the probability of the positive class.")
        .contains("ECE: guo: 15 equal-width bins, positive class.")
        .contains("for one column twice the positive class&#39;s")
        .contains("<td>not known</td><td>positive class</td>")
        .contains("guo: 15 equal-width bins, positive class, 1,234 rows</text>")
        .contains("observed share</th>")
        .doesNotContain("over-confident", "under-confident");
  }

  @Test
  void rowsThatRuleTheNllAndRowsThatAreSureAreCounted() throws IOException {
    Path sure = folder.resolve("sure.npz");
    PredictionFiles.write(sure, classes(9));
    Predictions predictions = PredictionFiles.read(sure);
    long zeros = IntStream.range(0, 9).filter(row -> predictions.label(row) != 0).count();
    assertThat(zeros).isPositive();
    assertThat(page("sure", sure.toString()))
        .contains("NLL of sure.npz: " + zeros + " row")
        .containsPattern(">9</td><td class=\"number\"[^>]*>" + zeros + "</td>");
  }

  @Test
  void aStreamedFileHasAPageThatSaysWhatItLacks() throws IOException {
    String all = page("in-memory", classes.toString());
    String html = page("streamed", classes.toString(), "--stream");
    assertThat(html)
        .contains("1,234 rows of 3 classes.", "these files were read row by row: classes.csv.")
        .contains(">smooth ECE</th><td class=\"number\">–</td>");
    // The bins, their intervals and the chart are those of all rows in memory.
    for (String part : List.of("<div class=\"charts one\">", "<details")) {
      assertThat(part(html, part)).isEqualTo(part(all, part));
    }
    assertThat(folder.resolve("streamed/figures/reliability-1.svg"))
        .hasSameBinaryContentAs(folder.resolve("in-memory/figures/reliability-1.svg"));
    assertThat(all).doesNotContain(">–<");
  }

  private static String part(String html, String start) {
    int from = html.indexOf(start);
    assertThat(from).isPositive();
    return html.substring(from, html.indexOf("</section>", from));
  }

  @Test
  void filesOfTheSameNameAreToldApartByTheirFolders() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other")).resolve("classes.csv");
    Files.copy(classes, other);
    String html = page("same", classes.toString(), other.toString());
    for (Path file : List.of(classes, other)) {
      assertThat(html).contains(file + "</th>", "<summary>Bins of " + file + "</summary>");
    }
  }

  @Test
  void ofManyBinsTheFullestAreShown() throws IOException {
    String html = page("many", classes.toString(), "--bins", "1000");
    assertThat(html).contains("The fullest 100 of ");
    assertThat(part(html, "<details").split("<th scope=\"row\">", -1)).hasSize(101);
  }

  @Test
  void filesOfTheSameRowsAreComparedAndOthersAreNot() throws IOException {
    Path sharper = folder.resolve("sharper.npz");
    Predictions old = PredictionFiles.read(classes);
    double[][] right = new double[ROWS][3];
    int[] labels = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = old.label(row);
      java.util.Arrays.fill(right[row], 0.1);
      right[row][labels[row]] = 0.8;
    }
    PredictionFiles.write(sharper, Predictions.of(right, labels));
    String html = page("compared", classes.toString(), sharper.toString());
    assertThat(html)
        .contains("<dt>Differences</dt><dd>sharper.npz has the highest accuracy, by 0.")
        .contains("<strong>1.0000</strong>", "Marked: better than every other file")
        .containsOnlyOnce("<p class=\"lead\">");
    assertThat(page("other-rows", classes.toString(), binary.toString()))
        .doesNotContain("<dt>Differences</dt>", "<strong>")
        .contains("Nothing is marked as best: the files have other labels");
  }

  @Test
  void groupsAndWindowsAreOnThePageAndTheWorstGroupIsInItsConclusion() throws IOException {
    Path parts = folder.resolve("parts.csv");
    StringBuilder csv = new StringBuilder("week,site,cat,dog,eel,label\n");
    Random random = new Random(4);
    for (int row = 0; row < 900; row++) {
      String site = row % 3 == 0 ? "north" : "south";
      boolean right = random.nextDouble() < (site.equals("north") ? 0.4 : 0.8);
      csv.append(row / 90 + 1).append(',').append(site).append(",0.8,0.1,0.1,");
      csv.append(right ? "cat" : "dog").append('\n');
    }
    Files.writeString(parts, csv);
    String classes = "cat,dog,eel";
    String by = page("by", parts.toString(), "--by", "site", "--class-columns", classes);
    assertThat(by)
        .contains("<h2>parts.csv by site</h2>", "hold for all 2 groups at once")
        .containsPattern(
            "<dt>Worst group</dt><dd>Of 300 rows whose site is north it states 80\\.0.%");
    String over = page("over", parts.toString(), "--over", "week", "--class-columns", classes);
    assertThat(over)
        .contains("<h2>parts.csv over week</h2>", "No metric changes beyond chance")
        .contains("windows. ", "accuracy, 95 % interval</text>");
    assertThat(folder.resolve("over/figures/windows-1.svg")).isNotEmptyFile();
  }

  @Test
  void thePageHasTheIntervalsThatWereAskedForAtTheirLevel() throws IOException {
    String[] asked = {classes.toString(), "--confidence", "0.995", "--seed", "5"};
    String ninetyFive = page("at-95", classes.toString());
    String page = page("at-99.5", asked);
    assertThat(page).contains("In small type the 99.5\u00a0% interval");
    assertThat(page).isNotEqualTo(ninetyFive);
    String[] all = add(List.of(asked), "--ci");
    Cli json = Cli.run(("evaluate --json " + String.join(" ", all)).split(" ", -1));
    JsonObject nll =
        JsonParser.parseString(json.out())
            .getAsJsonObject()
            .getAsJsonObject("intervals")
            .getAsJsonObject("nll");
    String ends =
        String.format(
            Locale.ROOT,
            "<small title=\"%.4f to %.4f\">",
            nll.get("lower").getAsDouble(),
            nll.get("upper").getAsDouble());
    assertThat(page).contains(ends);
    assertThat(page("with-ci", all)).contains(ends);
    assertThat(ninetyFive).doesNotContain(ends);
  }

  @Test
  void windowsAreJudgedAtTheLevelThatWasAskedFor() throws IOException {
    Path weeks = folder.resolve("weeks.csv");
    StringBuilder csv = new StringBuilder("week,cat,dog,eel,label\n");
    for (int row = 0; row < 400; row++) {
      // Right in 160 of the first 200 rows, and in 140 of the others: a change at 90 %, not at
      // 99.9.
      boolean right = row % 20 < (row < 200 ? 16 : 14);
      csv.append(row / 100 + 1).append(",0.8,0.1,0.1,").append(right ? "cat" : "dog").append('\n');
    }
    Files.writeString(weeks, csv);
    List<String> asked =
        List.of(
            weeks.toString(), "--over", "week", "--class-columns", "cat,dog,eel", "--confidence");
    String sure = page("weeks-sure", add(asked, "0.999"));
    assertThat(sure)
        .contains("No metric changes beyond chance over these windows (Holm&#39;s correction, 99.9")
        .contains("accuracy, 99.9 % interval</text>");
    String bold = page("weeks-bold", add(asked, "0.5"));
    assertThat(bold)
        .contains("Beyond chance (Holm&#39;s correction, 50", "accuracy (from 3 on)")
        .contains("accuracy, 50 % interval</text>");
  }

  private static String[] add(List<String> arguments, String last) {
    List<String> all = new ArrayList<>(arguments);
    all.add(last);
    return all.toArray(new String[0]);
  }

  @Test
  void whyFilesAreNotComparedIsSaidTruly() throws IOException {
    Path heavy = folder.resolve("heavy.csv");
    Path light = folder.resolve("light.csv");
    StringBuilder csv = new StringBuilder("cat,dog,eel,label,weight\n");
    for (int row = 0; row < 50; row++) {
      csv.append("0.8,0.1,0.1,").append(row % 3).append(',').append(1 + row % 2).append('\n');
    }
    Files.writeString(heavy, csv);
    Files.copy(heavy, light);
    assertThat(page("weighted", heavy.toString(), light.toString()))
        .contains("Nothing is marked as best: files that were streamed, have weights, have one row")
        .doesNotContain("the files have other labels");
  }

  @Test
  void intervalsStandBesideTheNumbersAndWhatWasReadIsSaid() throws IOException {
    String html = page("intervals", classes.toString());
    assertThat(html)
        .containsPattern(
            "<td class=\"number\" data-name=\"accuracy\">0\\.\\d{4} <small title=\"0\\.")
        .contains("In small type the 95\u00a0% interval")
        .contains("classes.csv: classes cat, dog, &lt;fox&gt; · labels: label")
        .contains("<dt>Not here</dt>", "<dt>Next</dt>");
    // Accuracy first, then NLL, then ECE: what a phone shows before anything is scrolled.
    assertThat(html)
        .containsSubsequence("data-name=\"accuracy\"", "data-name=\"NLL\"", "data-name=\"ECE\"");
  }

  @Test
  void pagesAreTheSameToTheByteAtTheSameTime() throws IOException, InterruptedException {
    Map<String, String> time = Map.of("SOURCE_DATE_EPOCH", "1700000000");
    for (String name : List.of("first", "second")) {
      Cli cli =
          Cli.runInNewProcess(
              folder,
              List.of(),
              time,
              "evaluate",
              classes.toString(),
              "--report",
              folder.resolve(name).toString());
      assertThat(cli.code()).as(cli.err()).isZero();
    }
    assertThat(folder.resolve("second/report.html"))
        .hasSameBinaryContentAs(folder.resolve("first/report.html"))
        .content()
        .contains("2023-11-14 22:13 UTC");
    Cli wrong =
        Cli.runInNewProcess(
            folder,
            List.of(),
            Map.of("SOURCE_DATE_EPOCH", "today"),
            "evaluate",
            classes.toString(),
            "--report",
            folder.resolve("wrong").toString());
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("SOURCE_DATE_EPOCH");
  }

  @Test
  void namesOfManyClassesAreCutAndCounted() {
    List<String> names = IntStream.range(0, 1000).mapToObj(k -> "c" + k).toList();
    assertThat(PageWords.names(names))
        .isEqualTo("c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 990 more");
    assertThat(PageWords.names(names.subList(0, 12))).endsWith("c10, c11");
    assertThat(PageWords.classes(1000, List.of())).isEqualTo("1,000 classes");
  }
}

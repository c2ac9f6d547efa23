package io.github.swag4j.cli;

import static io.github.swag4j.cli.AnalysisCommandsTest.assertFailed;
import static io.github.swag4j.cli.AnalysisCommandsTest.assertUsage;
import static io.github.swag4j.cli.AnalysisCommandsTest.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.cli.chart.ChartKind;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that draws one chart: every kind of it, and what it refuses. */
class ChartCommandTest {

  @TempDir private Path folder;

  private Path swa;
  private Path swag;
  private Path unknown;

  @BeforeEach
  void files() throws IOException {
    swa = predictions("swa.csv", 1, 3, true);
    swag = predictions("swag.csv", 2, 2, true);
    unknown = predictions("unknown.csv", 3, 1, false);
  }

  /** Rows of three classes, the same labels in every file of labelled rows. */
  private Path predictions(String name, long seed, double sharpness, boolean labelled)
      throws IOException {
    Random own = new Random(seed);
    Random truth = new Random(77);
    List<String> lines = new ArrayList<>();
    lines.add("a,b,c,expected_entropy" + (labelled ? ",label" : ""));
    for (int row = 0; row < 60; row++) {
      int label = truth.nextInt(3);
      double[] p = new double[3];
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        p[k] = Math.exp(sharpness * ((k == label && labelled ? 0.5 : 0) + own.nextDouble()));
        sum += p[k];
      }
      double entropy = 0;
      StringBuilder line = new StringBuilder();
      for (double value : p) {
        line.append(value / sum).append(',');
        entropy -= value / sum * Math.log(value / sum);
      }
      lines.add(line.append(0.8 * entropy) + (labelled ? "," + "abc".charAt(label) : ""));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private Cli chart(String kind, String... more) {
    List<String> words = new ArrayList<>(List.of("chart", kind));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void everyKindOfPredictionsIsDrawnWithItsNumbers() throws IOException {
    for (ChartKind kind : ChartKind.values()) {
      if (kind.needs().isOther() || kind == ChartKind.SAMPLES) {
        continue;
      }
      List<String> words = new ArrayList<>(List.of(swa.toString()));
      if (!kind.ofOneFile()) {
        words.add(swag.toString());
      }
      if (kind.needs() == ChartKind.Needs.UNKNOWN) {
        words.addAll(List.of("--unknown", unknown.toString()));
      }
      if (kind.needs() == ChartKind.Needs.FITTED) {
        words.addAll(List.of("--fit", swag.toString()));
      }
      Path svg = folder.resolve(kind.word() + ".svg");
      Path csv = folder.resolve(kind.word() + ".csv");
      words.addAll(List.of("-o", svg.toString(), "--csv", csv.toString(), "--title", "A title"));
      Cli cli = done(chart(kind.word(), words.toArray(String[]::new)));
      assertThat(cli.out()).isEqualToIgnoringNewLines("Written: " + svg + ", " + csv);
      assertThat(svg).content().contains(">A title</text>");
      assertThat(Files.readAllLines(csv)).as(kind.word()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void whatIsFittedOnOtherClassesIsRefused() throws IOException {
    String text = Files.readString(swag).replaceFirst("^a,", "x,").replaceAll("(?m),a$", ",x");
    Path other = Files.writeString(folder.resolve("other.csv"), text);
    Path svg = folder.resolve("sets.svg");
    String[] words = {swa.toString(), "--fit", other.toString(), "-o", svg.toString()};
    // No order of columns makes these the same, so that none is advised.
    assertFailed(
        chart("conformal", words),
        "must have the classes of " + other,
        "if they are the same classes, call them alike in both files");
    assertThat(svg).doesNotExist();
  }

  @Test
  void pngAndPdfAreWhatTheyAreCalledAndNothingIsReplacedUnasked() throws IOException {
    Path pdf = folder.resolve("a.pdf");
    done(chart("reliability", swa.toString(), "--corp", "-o", pdf.toString()));
    assertThat(Files.readAllBytes(pdf)).startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
    Path png = folder.resolve("a.png");
    done(chart("reliability", swa.toString(), "-o", png.toString(), "--scale", "1"));
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertFailed(chart("reliability", swa.toString(), "-o", png.toString()), "exists");
    done(chart("reliability", swa.toString(), "-o", png.toString(), "--overwrite"));
  }

  /**
   * Iterates 1, 3, 5 and 2, 2, 8 with the last two deviations: means 3 and 4, variances 8/3 and 8,
   * squared deviations 1 + 4 and 0 + 16, and so ratios 3 / sqrt((8/3 + 5) / 2) and 4 / sqrt(12).
   */
  @Test
  void aPosteriorIsDrawnWithTheSpreadOfItsSamples() throws IOException {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new WeightLayout.Tensor("conv.weight", WeightLayout.Role.WEIGHT, List.of(2L)),
                new WeightLayout.Tensor("conv.bias", WeightLayout.Role.BIAS, List.of(1L)),
                new WeightLayout.Tensor("bn.mean", WeightLayout.Role.RUNNING_MEAN, List.of(1L))));
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults().withRank(2));
    for (float[] ab : new float[][] {{1, 2}, {3, 2}, {5, 8}}) {
      collector.collect(
          Weights.of(
              layout, new float[] {ab[0], -ab[0]}, new float[] {ab[1]}, new float[] {ab[1]}));
    }
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(file, collector.posterior());
    Path csv = folder.resolve("snr.csv");
    done(
        chart(
            "signal-to-noise",
            file.toString(),
            "-o",
            folder.resolve("snr.svg").toString(),
            "--csv",
            csv.toString()));
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(3);
    assertThat(Double.parseDouble(lines.get(1).split(",", -1)[2]))
        .isCloseTo(3 / Math.sqrt((8.0 / 3 + 5) / 2), within(1e-6));
    assertThat(Double.parseDouble(lines.get(2).split(",", -1)[2]))
        .isCloseTo(4 / Math.sqrt(12), within(1e-6));
    done(chart("spectrum", file.toString(), "-o", folder.resolve("spectrum.pdf").toString()));
  }

  @Test
  void theNumbersOfShiftAreDrawn() throws IOException {
    Path file = folder.resolve("shift.csv");
    String swag = "\"multi, \"\"SWAG\"\"\"";
    Files.write(
        file,
        List.of(
            "method,corruption,strength,accuracy,NLL,ECE",
            "SGD,none,0,0.9,0.3,0.02",
            swag + ",none,0,0.91,0.28,0.01",
            "SGD,fog,1,0.8,0.5,0.04",
            swag + ",fog,1,0.85,,0.02"));
    Path csv = folder.resolve("numbers.csv");
    String svg = folder.resolve("shift.svg").toString();
    done(chart("shift", file.toString(), "-o", svg, "--csv", csv.toString()));
    assertThat(Files.readAllLines(csv))
        .contains("Accuracy,SGD,1.0,0.8,,", "NLL (nats)," + swag + ",1.0,,,");
    Files.writeString(file, "SGD,fog,one,0.8,0.5,0.04\n", StandardOpenOption.APPEND);
    assertFailed(
        chart("shift", file.toString(), "-o", svg, "--overwrite"),
        "shift.csv:6: must be a line of 'swag4j shift'");
    assertFailed(
        chart("training", folder.toString(), "-o", folder.resolve("t.svg").toString()),
        "must be the directory of a finished run");
  }

  @Test
  void helpListsTheKinds() {
    Cli help = done(chart("--help"));
    for (ChartKind kind : ChartKind.values()) {
      // In one line: what picocli breaks goes on at the left edge.
      assertThat(help.out().lines())
          .contains(String.format(Locale.ROOT, "  %-21s%s", kind.word(), kind.words()));
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAFileIsRead() {
    String out = folder.resolve("x.svg").toString();
    assertUsage(
        chart("reliabilty", swa.toString(), "-o", out), "did you mean reliability", "reliabilty");
    assertUsage(chart("reliability", "a.csv", "b.csv", "-o", out), "is of one file, got 2");
    assertUsage(chart("roc", "a.csv", "-o", out), "needs --unknown FILE");
    assertUsage(chart("conformal", "a.csv", "-o", out), "needs --fit FILE");
    assertUsage(chart("differences", "a.csv", "-o", out), "compares 2 files or more, got 1");
    assertUsage(chart("reliability", "a.csv", "-o", "x.gif"), "must end in .svg, .png or .pdf");
    assertUsage(chart("reliability", "a.csv", "-o", out, "--scale", "2"), "goes with a .png");
    assertUsage(chart("methods", "a.csv", "-o", out, "--metric", "nl"), "did you mean nll?");
    assertUsage(chart("training", "run", "-o", out, "--course", "sg"), "did you mean sgd?");
    assertUsage(chart("roc", "a.csv", "--unknown", "b", "-o", out, "--course", "sgd"), "goes with");
    assertUsage(chart("schedule", "run-1", "run-2", "-o", out), "is of one file, got 2");
    assertFailed(chart("spectrum", swa.toString(), "-o", out), "must be a posterior");
    assertFailed(chart("samples", swa.toString(), "-o", out), "posterior samples");
    assertThat(folder.resolve("x.svg")).doesNotExist();
  }
}

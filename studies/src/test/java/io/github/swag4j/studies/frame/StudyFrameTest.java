package io.github.swag4j.studies.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.cli.Main;
import io.github.swag4j.cli.ProgramCommand;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command of another module, and what a study's directory keeps. */
class StudyFrameTest {
  private static final AtomicInteger WORKED = new AtomicInteger();

  @TempDir private Path folder;

  /** Adds the command below to the program, as a study does. */
  public static final class Squares implements ProgramCommand {
    @Override
    public String name() {
      return "squares";
    }

    @Override
    public Object command() {
      return new SquaresCommand();
    }
  }

  record Found(int seed, double square, double unknown) {}

  @Command(name = "squares", mixinStandardHelpOptions = true, description = "Square seeds.")
  static final class SquaresCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private StudyOptions options;

    @Option(names = "--times", defaultValue = "1")
    private double times;

    @Override
    public Integer call() throws IOException {
      try (StudyRun run = options.open("squares", spec.commandLine().getErr())) {
        List<Integer> seeds = options.seeds(3);
        List<Found> found = new ArrayList<>();
        Progress progress = run.progress("squares", seeds.size());
        for (int seed : seeds) {
          found.add(
              run.part(
                  "seed-" + seed,
                  Map.of("seed", seed, "times", times),
                  Found.class,
                  () -> {
                    WORKED.incrementAndGet();
                    return new Found(seed, times * seed * seed, Double.NaN);
                  }));
          progress.show(found.size(), "seed " + seed);
        }
        MetricsTable.Builder table = MetricsTable.builder("Seed").higherIsBetter("Square");
        found.forEach(each -> table.row("seed " + each.seed(), each.square()));
        double[] x = seeds.stream().mapToDouble(s -> s).toArray();
        double[] y = found.stream().mapToDouble(Found::square).toArray();
        CurveChart.Dimension axis = new CurveChart.Dimension("Seed", CurveChart.Scale.LOGARITHMIC);
        new StudyPage(run, "Squares")
            .finding("Squares grow.")
            .section("Numbers", "")
            .table("squares", table.build(), "Squares of seeds")
            .chart("squares", CurveChart.titled("Squares", axis, axis).curve("s", x, y).build(), "")
            .result("squares", found)
            .write(Map.of("times", Double.toString(times)), spec, options.json());
      }
      return 0;
    }
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(out, new PrintWriter(err, true), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private String out() {
    return folder.resolve("study").toString();
  }

  @Test
  void theProgramFindsCommandsOfOtherModules() {
    assertThat(run("help").out()).contains("squares").contains("Square seeds.");
    assertThat(run("squares", "--help").out()).contains("--times").contains("--seeds");
    assertThat(run("completion", "bash").out()).contains("squares");
    assertThat(run("sqares").err()).contains("squares");
  }

  @Test
  void finishedPartsAreNotDoneAgainAndMoreSeedsAddToThem() throws IOException {
    int before = WORKED.get();
    Ran first = run("squares", "--out", out(), "--seeds", "2");
    assertThat(first.code()).as(first.err()).isZero();
    Ran again = run("squares", "--out", out());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(WORKED.get() - before).isEqualTo(3);
    assertThat(again.out()).contains("Squares of seeds").contains("9.0000").contains("Report:");
    assertThat(Files.readString(Path.of(out(), "results.json"))).contains("\"unknown\": null");
    assertThat(Path.of(out(), "figures", "squares.png")).exists();
    assertThat(Files.readString(Path.of(out(), "report.html")))
        .contains("swag4j squares --out")
        .contains("Squares grow.");
  }

  @Test
  void partsOfOtherSettingsAreRefusedUnlessOverwritten() throws IOException {
    assertThat(run("squares", "--out", out(), "--seeds", "1").code()).isZero();
    Ran other = run("squares", "--out", out(), "--seeds", "1", "--times", "2");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err())
        .contains("seed-1.json: was made with other settings (times was 1.0, is 2.0)")
        .contains("--overwrite");
    Ran anew = run("squares", "--out", out(), "--seeds", "1", "--times", "2", "--overwrite");
    assertThat(anew.code()).isZero();
    Path part = Path.of(out(), "parts", "seed-1.json");
    String whole = Files.readString(part);
    assertThat(whole).contains("\"square\": 2.0");
    Files.writeString(part, whole.replace("\"square\": 2.0", "\"square\": 3.0"));
    assertThat(run("squares", "--out", out(), "--seeds", "1", "--times", "2").err())
        .contains("is not as the study wrote it");
  }

  @Test
  void aDirectoryOfSomethingElseIsRefused() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("thesis.tex"), "");
    Ran refused = run("squares", "--out", other.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("must be empty, new, or a directory of the study squares");
    assertThat(run("squares", "--out", out(), "--seeds", "0").code()).isEqualTo(2);
  }
}

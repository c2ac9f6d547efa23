package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.page.DetectionSection;
import io.github.swag4j.cli.page.OodReport;
import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How well scores of predictions tell unusual rows from ordinary ones. */
@Command(
    name = "ood",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Judge how well rows unlike the training data can be told apart by their predictions.",
      "",
      "Out-of-distribution rows are the positive class, and a higher score means further out. FPR95"
          + " is the share of in-distribution rows called out when 95 %% of the out-of-distribution"
          + " rows are found; fpr95_id_positive turns the roles round."
    },
    footer = {
      "",
      "Examples",
      "  swag4j ood --in test.npz --out digits.npz",
      "  swag4j ood --in test.npz --out near.npz --out far.npz --score entropy --score msp --json"
    })
final class OodCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** What was found of a data set: a curve for each score. */
  private record Detected(Path file, Predictions predictions, Map<OodScore, DetectionCurve> by) {}

  @Spec private CommandSpec spec;

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "Predictions of ordinary rows, .csv, .parquet or .npz; labels are not needed.")
  private Path in;

  @Option(
      names = "--out",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "Predictions of unusual rows; several files may be given.")
  private List<Path> outs;

  @Option(
      names = "--score",
      paramLabel = "NAME",
      description =
          "msp, margin, entropy, mutual_information, variation_ratio, max_logit, energy or gen; may"
              + " be repeated (default: all that the files allow).")
  private List<String> scores = List.of();

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Option(names = "--report", paramLabel = "DIR", description = "Write a page with charts there.")
  private Path report;

  @Mixin private PdfOption pdf;

  @Option(names = "--overwrite", description = "Write into --report even if it is not empty.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object for each --out.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<OodScore> asked = asked();
    requireNames();
    pdf.require(report);
    if (report != null) {
      RunDirectory.requireNew(report, overwrite);
    }
    List<Path> files = new ArrayList<>(outs);
    files.add(0, in);
    reading.requireIgnoredColumns(files);
    labels.check();
    if (labels.file() != null && !FileKind.of(labels.file()).isText()) {
      throw new UsageException(
          "--labels of ood must be a table with ids: an array needs no labels");
    }
    Predictions inside = reading.readLabelledOrNot(in, labels);
    List<Detected> detected = new ArrayList<>();
    for (Path file : outs) {
      Predictions outside = reading.readLabelledOrNot(file, labels, in, inside);
      detected.add(detect(file, inside, outside, asked));
    }
    RunDirectory directory = report == null ? null : RunDirectory.create(report, overwrite);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      detected.forEach(d -> out.println(GSON.toJson(json(d, inside.rows()))));
    } else {
      List<String> notes = new ArrayList<>();
      out.println(table(detected, inside, notes).toText().stripTrailing());
      notes.forEach(out::println);
    }
    if (directory != null) {
      write(directory, inside, detected);
      Optional<Path> printed = pdf.print(directory);
      if (!json) {
        out.println("Report: " + directory.report());
        printed.ifPresent(file -> out.println("PDF: " + file));
      }
    }
    return 0;
  }

  private List<OodScore> asked() {
    try {
      return scores.stream().map(OodScore::named).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--score: " + e.getMessage());
    }
  }

  /** What tells data sets apart in the output: their files' names, which must differ. */
  private void requireNames() {
    Map<String, Path> names = new HashMap<>();
    for (Path file : outs) {
      // Figures are called by them, and some systems take capitals for small letters.
      Path other = names.put(OodReport.name(file).toLowerCase(Locale.ROOT), file);
      if (other != null) {
        throw new UsageException(
            "--out must name files of different names, be it without extension and in small"
                + " letters, got "
                + other
                + " and "
                + file);
      }
    }
  }

  private Detected detect(Path file, Predictions inside, Predictions outside, List<OodScore> asked)
      throws IOException {
    List<OodScore> use = new ArrayList<>(asked);
    if (asked.isEmpty()) {
      List<String> both = OodScore.applicableTo(outside).stream().map(OodScore::name).toList();
      OodScore.applicableTo(inside).stream()
          .filter(score -> both.contains(score.name()))
          .forEach(use::add);
    }
    Map<OodScore, DetectionCurve> by = new LinkedHashMap<>();
    for (OodScore score : use) {
      try {
        by.put(score, DetectionCurve.of(score, inside, outside));
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new IOException(
            "score " + score.name() + " of " + in + " and " + file + ": " + e.getMessage(), e);
      }
    }
    return new Detected(file, outside, by);
  }

  private MetricsTable table(List<Detected> detected, Predictions inside, List<String> notes) {
    MetricsTable.Builder table =
        MetricsTable.builder("data set", "score")
            .higherIsBetter("AUROC")
            .metric(new MetricsTable.Metric("±", 4, MetricsTable.Better.NEITHER))
            .higherIsBetter("AUPR-out")
            .higherIsBetter("AUPR-in")
            .lowerIsBetter("FPR95")
            .lowerIsBetter("FPR95 (ID positive)");
    for (Detected each : detected) {
      DetectionSection section =
          OodReport.section(in, inside, each.file(), each.predictions(), each.by());
      int row = 0;
      for (Map.Entry<OodScore, DetectionCurve> by : each.by().entrySet()) {
        DetectionCurve curve = by.getValue();
        table
            .row(
                List.of(OodReport.name(each.file()), by.getKey().name()),
                curve.auroc(),
                curve.aurocStandardError(),
                curve.auprOut(),
                curve.auprIn(),
                curve.fpr95(),
                curve.fpr95IdPositive())
            .marked(section.best(row++));
      }
      String stars = section.stars();
      notes.add(detected.size() == 1 ? stars : OodReport.name(each.file()) + ": " + stars);
    }
    return table.build();
  }

  private JsonObject json(Detected detected, int inRows) {
    JsonObject object = new JsonObject();
    object.addProperty("in", in.toString());
    object.addProperty("out", detected.file().toString());
    object.addProperty("dataset", OodReport.name(detected.file()));
    object.add("in_read", reading.noteJson(in));
    object.add("out_read", reading.noteJson(detected.file()));
    object.addProperty("n_in", inRows);
    object.addProperty("n_out", detected.predictions().rows());
    JsonObject byScore = new JsonObject();
    detected.by().forEach((score, curve) -> byScore.add(score.name(), RunMetrics.detection(curve)));
    object.add("scores", byScore);
    return object;
  }

  private void write(RunDirectory directory, Predictions inside, List<Detected> detected)
      throws IOException {
    OodReport page = new OodReport(in, inside);
    JsonObject byDataset = new JsonObject();
    for (Detected each : detected) {
      page.add(each.file(), each.predictions(), each.by());
      byDataset.add(OodReport.name(each.file()), json(each, inside.rows()).get("scores"));
    }
    page.write(directory);
    JsonObject ood = new JsonObject();
    ood.add(OodReport.name(in), byDataset);
    JsonObject metrics = new JsonObject();
    metrics.addProperty("format", 1);
    metrics.add("ood", ood);
    RunDirectory.writeJson(directory.metrics(), metrics);
  }
}

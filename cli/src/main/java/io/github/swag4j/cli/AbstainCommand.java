package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.provenance.DataFingerprint;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.calibration.selective.SelectiveGuarantee;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From which confidence on answers can be trusted, with a guarantee. */
@Command(
    name = "abstain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Find the confidence from which on answers are right often enough, and say how many are"
          + " left.",
      "",
      "The threshold is learnt from the labelled rows of --fit, which the model was not trained on."
          + " The error of new rows that are answered is at most --error with the probability of"
          + " --confidence, however few the rows of --fit are, if new rows are like them. --apply"
          + " shows what the threshold does on other rows. The files' rows must fit in memory."
    },
    footer = {
      "",
      "Examples",
      "  swag4j abstain --fit validation.csv --accuracy 0.95 --apply test.csv",
      "  swag4j abstain --fit validation.npz --error 0.01 --score entropy --apply new.npz --rows"
          + " answers.csv"
    })
final class AbstainCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** What is wanted of the answers. */
  static final class Wanted {
    @Option(
        names = "--accuracy",
        paramLabel = "P",
        description = "Least share of answers that are to be right, such as 0.95.")
    private Double accuracy;

    @Option(
        names = "--error",
        paramLabel = "P",
        description = "Greatest share of answers that may be wrong, such as 0.05.")
    private Double error;

    /** The error, of an accuracy the rest to 1. */
    double error() {
      return error != null
          ? Share.open("--error", error, 0.05)
          : Share.rest(Share.open("--accuracy", accuracy, 0.95));
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--fit",
      required = true,
      paramLabel = "FILE",
      description = "Labelled predictions to learn the threshold from.")
  private Path fit;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Wanted wanted;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      defaultValue = "0.95",
      description = "Probability with which the promise holds (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--score",
      paramLabel = "NAME",
      defaultValue = "msp",
      description =
          "What rows are ordered by: msp (the confidence), margin, entropy, mutual_information,"
              + " variation_ratio, max_logit, energy or gen (default: ${DEFAULT-VALUE}).")
  private String score;

  @Option(
      names = "--apply",
      paramLabel = "FILE",
      description = "Other predictions to answer or abstain from; judged where they have labels.")
  private Path apply;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description =
          "Write which rows of --apply are answered there, as CSV, or Parquet if it ends so.")
  private Path rows;

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Option(names = "--overwrite", description = "Write --rows even if it exists.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** What the threshold does on a file. */
  private record Outcome(Path file, int rows, int answered, long wrong, boolean judged) {
    double coverage() {
      return (double) answered / rows;
    }

    double error() {
      return judged && answered > 0 ? (double) wrong / answered : Double.NaN;
    }

    Interval interval(double level) {
      return BinomialInterval.clopperPearson(wrong, answered, level);
    }
  }

  @Override
  public Integer call() throws IOException {
    double error = wanted.error();
    Share.open("--confidence", confidence, 0.95);
    if (rows != null && apply == null) {
      throw new UsageException("--rows goes with --apply: it says which of its rows are answered");
    }
    OodScore by = score();
    List<Path> inputs = apply == null ? List.of(fit) : List.of(fit, apply);
    labels.check();
    List<Path> all = new ArrayList<>(inputs);
    all.add(labels.file());
    new NewFiles(all, overwrite).with("--rows", rows);
    reading.requireIgnoredColumns(inputs);
    Predictions fitted = reading.read(fit, labels);
    FileContents.requireLabels(fit, fitted);
    SelectivePrediction selective = selective(fit, fitted, by);
    SelectiveGuarantee guarantee = guarantee(selective, error);
    Outcome here = outcome(fit, fitted, by, guarantee);
    Predictions other = null;
    if (apply != null) {
      other = reading.readLabelledOrNot(apply, labels, fit, fitted);
      EqualWeights.require(apply, other, reading.note(apply).weights());
      requireUnseen(fitted, other);
    }
    Outcome there = other == null ? null : outcome(apply, other, by, guarantee);
    if (rows != null) {
      write(other, by, guarantee);
    }
    print(guarantee, here, there);
    return 0;
  }

  private OodScore score() {
    try {
      return OodScore.named(score);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--score: " + e.getMessage());
    }
  }

  private SelectivePrediction selective(Path file, Predictions p, OodScore by) throws IOException {
    return ProgramWords.named(
        file,
        () -> score.equals("msp") ? SelectivePrediction.of(p) : SelectivePrediction.of(p, by));
  }

  /** The threshold; refused where nothing can be promised, with what can. */
  private SelectiveGuarantee guarantee(SelectivePrediction selective, double error)
      throws IOException {
    SelectiveGuarantee found =
        ProgramWords.named(fit, () -> selective.guarantee(error, 1 - confidence));
    if (found.acceptsAny()) {
      return found;
    }
    throw new IOException(
        String.format(
            Locale.ROOT,
            "%s: no threshold can promise an error of at most %s with probability %s: of its %,d"
                + " rows the least that could be is about %.4f; ask for more error, or give more"
                + " rows",
            fit,
            Share.percent(error),
            Share.percent(confidence),
            selective.curve().rows(),
            SelectiveGuarantee.leastBound(selective.curve(), 1 - confidence)));
  }

  /** Rows that the threshold was learnt from would flatter. */
  private void requireUnseen(Predictions fitted, Predictions other) throws IOException {
    ProgramWords.named(
        apply,
        () -> {
          DataFingerprint.of(fitted).requireUnseen("a threshold", other);
          return null;
        });
  }

  /** What rows are accepted by: higher is surer. */
  private double[] confidences(Predictions p, OodScore by) {
    double[] out = score.equals("msp") ? new double[p.rows()] : by.score(p);
    for (int row = 0; row < out.length; row++) {
      out[row] = score.equals("msp") ? p.confidence(row) : -out[row];
    }
    return out;
  }

  private Outcome outcome(Path file, Predictions p, OodScore by, SelectiveGuarantee guarantee)
      throws IOException {
    double[] confidences = ProgramWords.named(file, () -> confidences(p, by));
    int answered = 0;
    long wrong = 0;
    for (int row = 0; row < confidences.length; row++) {
      if (confidences[row] >= guarantee.threshold()) {
        answered++;
        wrong += p.hasLabels() && !p.isCorrect(row) ? 1 : 0;
      }
    }
    return new Outcome(file, p.rows(), answered, wrong, p.hasLabels());
  }

  private void write(Predictions p, OodScore by, SelectiveGuarantee guarantee) throws IOException {
    double[] confidences = confidences(p, by);
    boolean direct = score.equals("msp");
    List<OutputColumn> columns = new ArrayList<>();
    columns.add(RowsFile.column("confidence", Kind.DOUBLE));
    columns.addAll(direct ? List.of() : List.of(RowsFile.column(score, Kind.DOUBLE)));
    columns.add(RowsFile.column("answered", Kind.TRUTH));
    RowsFile.writeRows(
        rows,
        p,
        columns,
        (row, out) -> {
          out.number(p.confidence(row));
          if (!direct) {
            out.number(-confidences[row]);
          }
          out.truth(confidences[row] >= guarantee.threshold());
        });
  }

  private void print(SelectiveGuarantee guarantee, Outcome here, Outcome there) {
    PrintWriter out = spec.commandLine().getOut();
    boolean direct = score.equals("msp");
    double threshold = direct ? guarantee.threshold() : -guarantee.threshold();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("score", score);
      object.addProperty("threshold", threshold);
      object.addProperty("answers", direct ? "confidence >= threshold" : "score <= threshold");
      object.addProperty("target_error", guarantee.targetRisk());
      object.addProperty("confidence", confidence);
      object.addProperty("error_bound", guarantee.bound());
      object.add("fit", json(here));
      object.add("apply", there == null ? com.google.gson.JsonNull.INSTANCE : json(there));
      out.println(GSON.toJson(object));
      return;
    }
    out.printf(
        Locale.ROOT,
        "Answer where %s %.6g: at most %s of new answers are wrong, with probability %s%n",
        direct ? "the confidence is at least" : score + " is at most",
        threshold,
        Share.percent(guarantee.targetRisk()),
        Share.percent(confidence));
    out.println(words("fitted on", here));
    if (there != null) {
      out.println(words("on", there));
    }
    out.print(NewFiles.written(rows));
  }

  private String words(String how, Outcome of) {
    String text =
        String.format(
            Locale.ROOT,
            "%s %s: %,d of %,d rows answered (coverage %.4f)",
            how,
            of.file(),
            of.answered(),
            of.rows(),
            of.coverage());
    if (!of.judged()) {
      return text + ", not judged: no labels";
    }
    if (of.answered() == 0) {
      return text;
    }
    Interval interval = of.interval(confidence);
    return text
        + String.format(
            Locale.ROOT,
            ", %,d wrong: error %.4f (%s %.4f to %.4f)",
            of.wrong(),
            of.error(),
            Share.percent(confidence),
            interval.lower(),
            interval.upper());
  }

  private JsonObject json(Outcome of) {
    JsonObject object = new JsonObject();
    object.addProperty("file", of.file().toString());
    object.add("read", reading.noteJson(of.file()));
    object.addProperty("n", of.rows());
    object.addProperty("answered", of.answered());
    object.addProperty("coverage", of.coverage());
    boolean known = of.judged() && of.answered() > 0;
    Interval interval = known ? of.interval(confidence) : Interval.UNKNOWN;
    object.addProperty("wrong", of.judged() ? of.wrong() : null);
    PredictionMetrics.number(object, "error", of.error());
    PredictionMetrics.number(object, "error_lower", interval.lower());
    PredictionMetrics.number(object, "error_upper", interval.upper());
    return object;
  }
}

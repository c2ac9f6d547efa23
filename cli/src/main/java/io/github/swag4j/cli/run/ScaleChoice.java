package io.github.swag4j.cli.run;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.swag.djl.PosteriorScale;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The scale of a run's SWAG posteriors where it is left to the held-out rows ({@code --scale
 * auto}): the one that predicts them best after temperature. Each scale is predicted with the
 * samples, seed and batch-norm rows that the run predicts with, so that at the chosen one the
 * predictions are those of the run. Test rows play no part.
 */
public final class ScaleChoice {

  /** Whose predictions decide, the first of these that a run has. */
  private static final List<Method> JUDGED =
      List.of(Method.SWAG, Method.MULTISWAG, Method.SWAG_DIAG);

  private final Experiment experiment;
  private final RunConfig config;
  private final ImageData heldOut;
  private final PrintWriter err;

  /**
   * A choice to come.
   *
   * @param heldOut rows that were not trained on
   * @param err progress, and what was chosen
   */
  public ScaleChoice(Experiment experiment, RunConfig config, ImageData heldOut, PrintWriter err) {
    this.experiment = experiment;
    this.config = config;
    this.heldOut = heldOut;
    this.err = err;
  }

  /**
   * Chooses, if that was asked for.
   *
   * @param members what the training of each network left
   * @param refresh rows that batch-norm statistics are recomputed from
   * @return all scales that were tried; empty if the scale is the paper's or given
   */
  public Optional<ScaleCurve> made(List<TrainedMember> members, ImageBatches refresh)
      throws IOException {
    if (!config.averaging().scale().auto()) {
      return Optional.empty();
    }
    ScaleSearch.Options options = ScaleSearch.Options.defaults();
    Method method = judged(config);
    int samples = method.samples(config.prediction().samples(), config.methods().members());
    int most = samples * (options.grid().size() + 2 * options.refinements());
    Progress progress = new Progress(err, "scale", most);
    double[] at = new double[1];
    int[] done = new int[1];
    ScaleCurve curve =
        PosteriorScale.search(
            scale -> {
              at[0] = scale;
              return MethodPosteriors.swag(
                  method, members.stream().map(member -> member.atScale(scale)).toList());
            },
            posterior ->
                experiment
                    .predictor(
                        method,
                        posterior,
                        samples,
                        s -> progress.show(++done[0], words(at[0], method, s, samples)))
                    .refreshBatchNorm(refresh),
            experiment.batches(heldOut, Experiment.BATCH_SIZE),
            heldOut.labels(),
            options);
    if (done[0] < most) {
      progress.show(most, "all scales"); // fewer than could have been
    }
    err.println("Chosen by the held-out rows with " + method.title() + ": " + curve);
    return Optional.of(curve);
  }

  private static Method judged(RunConfig config) {
    List<Method> has = config.methods().list();
    return JUDGED.stream().filter(has::contains).findFirst().orElseThrow();
  }

  private static String words(double scale, Method method, int sample, int samples) {
    return String.format(
        Locale.ROOT, "scale %.3g, %s sample %d/%d", scale, method.title(), sample, samples);
  }

  /** Writes what was tried into a run. */
  public static void write(RunDirectory run, ScaleCurve curve) throws IOException {
    byte[] bytes = (curve.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(run.scale(), out -> out.write(bytes));
  }

  /**
   * Reads what was tried.
   *
   * @throws IOException if the file holds no such curve
   */
  public static ScaleCurve read(Path file) throws IOException {
    String text = RunDirectory.text(file);
    try {
      return ScaleCurve.fromJson(text.strip());
    } catch (JsonException e) {
      throw new IOException(
          file + ": must be scale.json of 'train --scale auto': " + e.getMessage(), e);
    }
  }

  /** What was tried in a run, if anything was. */
  public static Optional<ScaleCurve> of(RunDirectory run) throws IOException {
    return Files.exists(run.scale()) ? Optional.of(read(run.scale())) : Optional.empty();
  }

  /** The title of a chart of it: whose predictions of which rows. */
  public static String title(RunConfig config, ScaleCurve curve) {
    return judged(config).title() + ", " + rows(curve);
  }

  /** The rows that chose. */
  public static String rows(ScaleCurve curve) {
    return String.format(Locale.ROOT, "%,d held-out rows", curve.rows());
  }
}

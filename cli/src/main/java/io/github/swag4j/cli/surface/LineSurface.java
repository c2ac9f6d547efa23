package io.github.swag4j.cli.surface;

import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.surface.SurfaceLineChart;
import io.github.swag4j.reports.surface.SurfaceLineChart.Curve;
import io.github.swag4j.reports.surface.SurfaceLineChart.Mark;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.surface.WeightLine;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.surface.SurfacePoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Loss and error along the line between two solutions of a run, past both ends. */
final class LineSurface {
  private static final double MARGIN = 0.5;

  private final SurfaceRun run;
  private final SurfaceFiles files;
  private final List<String> ends;
  private final List<Weights> vectors;
  private final WeightLine line;
  private final double[] shares;

  private LineSurface(
      SurfaceRun run, SurfaceFiles files, List<String> ends, List<Weights> vectors) {
    this.run = run;
    this.files = files;
    this.ends = ends;
    this.vectors = vectors;
    this.line = WeightLine.between(vectors.get(0), vectors.get(1));
    int points = run.settings().grid();
    double margin = run.settings().marginOr(MARGIN);
    this.shares =
        IntStream.range(0, points)
            .mapToDouble(i -> -margin + (1 + 2 * margin) * i / (points - 1))
            .toArray();
  }

  /** Checks the names of the two ends. */
  static List<String> ends(List<String> named) {
    if (named.size() != 2 || named.get(0).equals(named.get(1))) {
      throw new UsageException(
          "--line must name two solutions with a comma between, as sgd,swa, got "
              + String.join(",", named));
    }
    return named;
  }

  static LineSurface of(SurfaceRun run, SurfaceFiles files, List<String> ends) throws IOException {
    RunWeights weights = run.weights();
    return new LineSurface(
        run, files, ends, List.of(weights.named(ends.get(0)), weights.named(ends.get(1))));
  }

  /** Evaluates, draws and describes it. */
  SurfaceResult make(SurfaceDescriptions descriptions) throws IOException {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("weights", SurfaceRun.fingerprint(vectors));
    own.put(
        "line", shares.length + " points from " + shares[0] + " to " + shares[shares.length - 1]);
    List<SurfacePoint> points =
        run.evaluate(
            files, own, shares.length + 2, i -> i < 2 ? vectors.get(i) : line.at(shares[i - 2]));
    List<SurfacePoint> along = points.subList(2, points.size());
    files.csv(
        "t,distance,train_loss,train_error,test_loss,test_error,squared_norm",
        IntStream.range(0, shares.length).mapToObj(i -> row(i, along.get(i))).toList());
    files.chart("", chart(along));
    SurfaceResult result =
        descriptions.of(
            files.name(),
            run.facts(own),
            points,
            List.of(
                descriptions.marked(title(0), new PlanePlace(0, 0, 0), points.get(0)),
                descriptions.marked(title(1), new PlanePlace(1, 0, 0), points.get(1))),
            null);
    files.finish(result);
    return result;
  }

  private String title(int end) {
    return ends.get(end).toUpperCase(Locale.ROOT);
  }

  private String row(int i, SurfacePoint p) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%s,%s,%s,%s",
        shares[i],
        shares[i] * line.length(),
        p.trainLoss(),
        p.trainError(),
        p.testLoss(),
        p.testError(),
        p.squaredNorm());
  }

  private SurfaceLineChart chart(List<SurfacePoint> along) {
    double[] distances = new double[shares.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = shares[i] * line.length();
    }
    return SurfaceLineChart.of(
            run.title() + ": line through " + title(0) + " and " + title(1),
            "Distance from " + title(0) + " towards " + title(1),
            distances,
            new Curve("Train loss (nats)", values(along, SurfacePoint::trainLoss)),
            new Curve("Test error (%)", values(along, p -> 100 * p.testError())))
        .marks(List.of(new Mark(title(0), 0), new Mark(title(1), line.length())));
  }

  private static double[] values(List<SurfacePoint> points, ToDoubleFunction<SurfacePoint> value) {
    return points.stream().mapToDouble(value).toArray();
  }
}

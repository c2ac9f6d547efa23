package io.github.swag4j.cli.surface;

import io.github.swag4j.reports.surface.LossSurfaceChart;
import io.github.swag4j.reports.surface.LossSurfaceChart.Curve;
import io.github.swag4j.reports.surface.LossSurfaceChart.Place;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.surface.Ellipse;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.surface.SurfaceGrid;
import io.github.swag4j.swa.surface.WeightPlane;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.surface.SurfacePoint;
import io.github.swag4j.swag.surface.SwagPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A surface over a plane: of three FGE snapshots, or of the leading deviations of SWAG. */
final class PlaneSurface {
  private static final double FGE_MARGIN = 0.35;
  private static final double SWAG_MARGIN = 0.1;
  private static final int SIGMAS = 3;
  private static final int SMOOTH = 180;

  /** Farther from the plane than this share of the grid's extent, a place is not in it. */
  private static final double IN_PLANE = 1e-4;

  private final SurfaceRun run;
  private final SurfaceFiles files;
  private final WeightPlane plane;

  /** Null where there is no posterior. */
  private final SwagPlane swag;

  private final Map<String, Weights> vectors;
  private final List<PlanePlace> places;
  private final SurfaceGrid grid;

  private PlaneSurface(
      SurfaceRun run,
      SurfaceFiles files,
      WeightPlane plane,
      SwagPlane swag,
      Map<String, Weights> vectors,
      double margin) {
    this.run = run;
    this.files = files;
    this.plane = plane;
    this.swag = swag;
    this.vectors = vectors;
    this.places = vectors.values().stream().map(plane::project).toList();
    List<PlanePlace> within = new ArrayList<>(places);
    if (swag != null) {
      for (double[] p : swag.ellipse(SIGMAS).places(SMOOTH)) {
        within.add(new PlanePlace(p[0], p[1], 0));
      }
    }
    int side = run.settings().grid();
    this.grid = SurfaceGrid.around(within, run.settings().marginOr(margin), side);
  }

  /** The plane through the first, the middle and the last snapshot. */
  static PlaneSurface fge(SurfaceRun run, SurfaceFiles files) throws IOException {
    SnapshotEnsemble snapshots = run.weights().snapshots();
    int last = snapshots.size() - 1;
    Map<String, Weights> vectors = new LinkedHashMap<>();
    List<Weights> corners = new ArrayList<>();
    for (int member : new int[] {0, last / 2, last}) {
      corners.add(snapshots.weights(member));
      vectors.put("FGE " + (member + 1), corners.get(corners.size() - 1));
    }
    vectors.put("FGE mean", snapshots.average());
    run.weights().swa().ifPresent(w -> vectors.put("SWA", w));
    WeightPlane plane = WeightPlane.through(corners.get(0), corners.get(1), corners.get(2));
    return new PlaneSurface(run, files, plane, null, vectors, FGE_MARGIN);
  }

  /** The plane of the two leading deviations through the mean. */
  static PlaneSurface swag(SurfaceRun run, SurfaceFiles files) throws IOException {
    SwagPosterior posterior = run.weights().swag();
    SwagPlane leading = SwagPlane.of(posterior);
    Map<String, Weights> vectors = new LinkedHashMap<>();
    vectors.put("SWA", posterior.mean());
    run.weights().sgd().ifPresent(w -> vectors.put("SGD", w));
    return new PlaneSurface(run, files, leading.plane(), leading, vectors, SWAG_MARGIN);
  }

  /** Evaluates, draws and describes it. */
  SurfaceResult make(SurfaceDescriptions descriptions) throws IOException {
    List<Weights> marked = List.copyOf(vectors.values());
    int first = marked.size();
    Map<String, String> own = facts(marked);
    List<SurfacePoint> points =
        run.evaluate(
            files,
            own,
            first + grid.size(),
            i ->
                i < first
                    ? marked.get(i)
                    : plane.at(
                        grid.x((i - first) % grid.columns()),
                        grid.y((i - first) / grid.columns())));
    List<SurfacePoint> surface = points.subList(first, points.size());
    write(surface);
    List<SurfaceResult.Marked> described = new ArrayList<>();
    List<String> names = List.copyOf(vectors.keySet());
    for (int i = 0; i < first; i++) {
      described.add(descriptions.marked(names.get(i), places.get(i), points.get(i)));
    }
    SurfaceResult result =
        descriptions.of(
            files.name(),
            run.facts(own),
            points,
            described,
            swag == null ? null : swag.covariance());
    files.finish(result);
    return result;
  }

  private Map<String, String> facts(List<Weights> marked) {
    Map<String, String> own = new LinkedHashMap<>();
    List<Weights> all = new ArrayList<>(marked);
    // The axes of a posterior's plane are no weight vectors of the run: a step along each is.
    all.add(plane.at(1, 0));
    all.add(plane.at(0, 1));
    own.put("weights", SurfaceRun.fingerprint(all));
    own.put("grid", grid.columns() + " x " + grid.rows());
    own.put("x", grid.left() + " to " + grid.right());
    own.put("y", grid.bottom() + " to " + grid.top());
    return own;
  }

  private void write(List<SurfacePoint> surface) throws IOException {
    files.csv(
        "x,y,train_loss,train_error,test_loss,test_error,squared_norm,negative_log_posterior",
        IntStream.range(0, surface.size()).mapToObj(i -> row(i, surface.get(i))).toList());
    if (swag == null) {
      files.chart("-train-loss", chart(surface, "Train loss (nats)", SurfacePoint::trainLoss));
    } else {
      double lowest =
          surface.stream()
              .mapToDouble(this::negativeLogPosterior)
              .filter(Double::isFinite)
              .min()
              .orElse(0);
      files.chart(
          "-log-posterior",
          chart(
              surface,
              "Negative log posterior above its lowest (nats)",
              p -> negativeLogPosterior(p) - lowest));
    }
    files.chart("-test-error", chart(surface, "Test error (%)", p -> 100 * p.testError()));
  }

  private double negativeLogPosterior(SurfacePoint point) {
    return point.negativeLogPosterior(
        run.trainRows(), run.description().config().optimiser().weightDecay());
  }

  private String row(int index, SurfacePoint p) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%s,%s,%s,%s,%s",
        grid.x(index % grid.columns()),
        grid.y(index / grid.columns()),
        p.trainLoss(),
        p.trainError(),
        p.testLoss(),
        p.testError(),
        p.squaredNorm(),
        negativeLogPosterior(p));
  }

  private LossSurfaceChart chart(
      List<SurfacePoint> surface, String quantity, ToDoubleFunction<SurfacePoint> value) {
    double[][] values = new double[grid.rows()][grid.columns()];
    for (int i = 0; i < surface.size(); i++) {
      values[i / grid.columns()][i % grid.columns()] = value.applyAsDouble(surface.get(i));
    }
    LossSurfaceChart chart =
        LossSurfaceChart.of(
                run.title()
                    + (swag == null
                        ? ": plane of three FGE snapshots"
                        : ": plane of the two leading SWAG deviations"),
                quantity,
                IntStream.range(0, grid.columns()).mapToDouble(grid::x).toArray(),
                IntStream.range(0, grid.rows()).mapToDouble(grid::y).toArray(),
                values)
            .places(named());
    if (swag == null) {
      return chart.axes(
          "Distance along FGE first to middle", "Distance towards FGE last, at a right angle");
    }
    return chart
        .axes("Distance along the leading deviation", "Distance along the second deviation")
        .curves(ellipses())
        .dots(
            new Curve(
                "the mean plus each deviation that the posterior keeps",
                swag.deviations().stream()
                    .map(p -> new double[] {p.x(), p.y()})
                    .toArray(double[][]::new)));
  }

  private List<Place> named() {
    double extent = grid.right() - grid.left();
    List<Place> named = new ArrayList<>();
    List<String> names = List.copyOf(vectors.keySet());
    for (int i = 0; i < places.size(); i++) {
      PlanePlace p = places.get(i);
      boolean in = p.distance() <= IN_PLANE * extent;
      String off = in ? "" : String.format(Locale.ROOT, " (%.2g off)", p.distance());
      named.add(new Place(names.get(i) + off, p.x(), p.y(), in));
    }
    return named;
  }

  private List<Curve> ellipses() {
    List<Curve> curves = new ArrayList<>();
    for (int sigma = 1; sigma <= SIGMAS; sigma++) {
      Ellipse ellipse = swag.ellipse(sigma);
      double[][] open = ellipse.places(SMOOTH);
      double[][] closed = new double[open.length + 1][];
      System.arraycopy(open, 0, closed, 0, open.length);
      closed[open.length] = open[0];
      curves.add(new Curve(sigma + "σ", closed));
    }
    return curves;
  }
}

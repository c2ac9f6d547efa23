package io.github.swag4j.cli.surface;

import io.github.swag4j.reports.surface.FlatnessChart;
import io.github.swag4j.reports.surface.FlatnessChart.Solution;
import io.github.swag4j.swa.surface.PlanePlace;
import io.github.swag4j.swa.surface.WeightDirection;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.surface.SurfacePoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Loss and error of the solutions of a run under random perturbations of growing radius: the same
 * random numbers for each solution, brought to the lengths of its own filters.
 */
final class FlatnessSurface {
  private final SurfaceRun run;
  private final SurfaceFiles files;
  private final Map<String, Weights> solutions;
  private final double[] radii;
  private final int directions;

  private FlatnessSurface(SurfaceRun run, SurfaceFiles files, Map<String, Weights> solutions) {
    this.run = run;
    this.files = files;
    this.solutions = solutions;
    this.directions = run.settings().directions();
    this.radii = new double[run.settings().grid() / 2 + 1];
    for (int r = 0; r < radii.length; r++) {
      radii[r] = run.settings().radius() * r / (radii.length - 1);
    }
  }

  static FlatnessSurface of(SurfaceRun run, SurfaceFiles files) throws IOException {
    Map<String, Weights> solutions = new LinkedHashMap<>();
    run.weights().swa().ifPresent(w -> solutions.put("SWA", w));
    run.weights().sgd().ifPresent(w -> solutions.put("SGD", w));
    if (solutions.isEmpty()) {
      // Says which command makes them.
      run.weights().named("swa");
    }
    return new FlatnessSurface(run, files, solutions);
  }

  /** Points of a solution: itself, then each direction at each radius above 0. */
  private int each() {
    return 1 + directions * (radii.length - 1);
  }

  private int place(int solution, int direction, int radius) {
    int first = solution * each();
    return radius == 0 ? first : first + 1 + direction * (radii.length - 1) + radius - 1;
  }

  /** Evaluates, draws and describes it. */
  SurfaceResult make(SurfaceDescriptions descriptions) throws IOException {
    List<Weights> vectors = List.copyOf(solutions.values());
    Map<String, String> own = new LinkedHashMap<>();
    own.put("weights", SurfaceRun.fingerprint(vectors));
    own.put("directions", directions + " of seed " + seed());
    own.put("radii", radii.length + " up to " + radii[radii.length - 1]);
    List<SurfacePoint> points =
        run.evaluate(files, own, vectors.size() * each(), i -> at(vectors, i));
    List<String> names = List.copyOf(solutions.keySet());
    files.csv(
        "solution,direction,radius,train_loss,train_error,test_loss,test_error,squared_norm",
        rows(names, points));
    files.chart("", chart(names, points));
    List<SurfaceResult.Marked> marked = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      marked.add(
          descriptions.marked(names.get(s), new PlanePlace(0, 0, 0), points.get(place(s, 0, 0))));
    }
    SurfaceResult result = descriptions.of(files.name(), run.facts(own), points, marked, null);
    files.finish(result);
    return result;
  }

  private int seed() {
    return run.description().config().seed();
  }

  private Weights at(List<Weights> vectors, int index) {
    Weights around = vectors.get(index / each());
    int within = index % each() - 1;
    if (within < 0) {
      return around;
    }
    int direction = within / (radii.length - 1);
    int radius = within % (radii.length - 1) + 1;
    return WeightDirection.filterNormalised(around, seed(), direction).from(around, radii[radius]);
  }

  private List<String> rows(List<String> names, List<SurfacePoint> points) {
    List<String> rows = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      for (int d = 0; d < directions; d++) {
        for (int r = 0; r < radii.length; r++) {
          SurfacePoint p = points.get(place(s, d, r));
          rows.add(
              String.join(
                  ",",
                  names.get(s),
                  Integer.toString(d),
                  Double.toString(radii[r]),
                  Double.toString(p.trainLoss()),
                  Double.toString(p.trainError()),
                  Double.toString(p.testLoss()),
                  Double.toString(p.testError()),
                  Double.toString(p.squaredNorm())));
        }
      }
    }
    return rows;
  }

  private FlatnessChart chart(List<String> names, List<SurfacePoint> points) {
    List<Solution> drawn = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      drawn.add(
          new Solution(
              names.get(s),
              values(s, points, SurfacePoint::trainLoss),
              values(s, points, p -> 100 * p.testError())));
    }
    return FlatnessChart.of(
        run.title() + ": weights perturbed along random directions",
        "Train loss (nats)",
        "Test error (%)",
        radii,
        drawn);
  }

  private double[][] values(
      int solution, List<SurfacePoint> points, ToDoubleFunction<SurfacePoint> value) {
    double[][] values = new double[directions][radii.length];
    for (int d = 0; d < directions; d++) {
      for (int r = 0; r < radii.length; r++) {
        values[d][r] = value.applyAsDouble(points.get(place(solution, d, r)));
      }
    }
    return values;
  }
}

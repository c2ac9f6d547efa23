package io.github.swag4j.reports.gallery;

import io.github.swag4j.reports.CurveChart;
import io.github.swag4j.reports.CurveGridChart;
import io.github.swag4j.reports.surface.FlatnessChart;
import io.github.swag4j.reports.surface.LossSurfaceChart;
import io.github.swag4j.reports.surface.SurfaceLineChart;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Charts of a made-up loss: a long valley with SWA at its middle and SGD on its side. */
final class GallerySurfaces {
  private static final double[] AXIS =
      IntStream.range(0, 31).mapToDouble(i -> -1.5 + 0.1 * i).toArray();

  private GallerySurfaces() {}

  static List<Gallery.Picture> pictures() {
    return List.of(
        new Gallery.Picture(
            "loss-surface",
            surface(),
            "The loss over the plane through three weight vectors, with an ellipse of SWAG."),
        new Gallery.Picture(
            "surface-line", line(), "Loss and error on the line through SGD and SWA."),
        new Gallery.Picture(
            "flatness",
            flatness(),
            "How loss and error grow with the distance in random directions."),
        new Gallery.Picture(
            "curves", curves(), "Curves with bands beside what theory expects of them."),
        new Gallery.Picture(
            "curve-grid", grid(), "Curves in panels with the same axes, one legend for all."));
  }

  private static double loss(double x, double y) {
    return 0.3 + 0.25 * x * x + 1.4 * (y - 0.2 * x * x) * (y - 0.2 * x * x);
  }

  private static LossSurfaceChart surface() {
    double[][] values = new double[AXIS.length][AXIS.length];
    for (int row = 0; row < AXIS.length; row++) {
      for (int column = 0; column < AXIS.length; column++) {
        values[row][column] = loss(AXIS[column], AXIS[row]);
      }
    }
    double[][] ellipse =
        IntStream.rangeClosed(0, 60)
            .mapToObj(i -> 2 * Math.PI * i / 60)
            .map(t -> new double[] {0.9 * Math.cos(t), 0.3 * Math.sin(t)})
            .toArray(double[][]::new);
    return LossSurfaceChart.of("SWAG over the loss", "Train loss (nats)", AXIS, AXIS, values)
        .axes("First deviation", "Second deviation")
        .places(
            List.of(
                new LossSurfaceChart.Place("SWA", 0, 0, true),
                new LossSurfaceChart.Place("SGD", 1.1, 0.6, false)))
        .curves(List.of(new LossSurfaceChart.Curve("2 sigma", ellipse)));
  }

  private static SurfaceLineChart line() {
    return SurfaceLineChart.of(
            "From SGD to SWA and past them",
            "Distance from SGD",
            AXIS,
            new SurfaceLineChart.Curve("Train loss (nats)", of(x -> loss(x - 0.4, 0))),
            new SurfaceLineChart.Curve("Test error", of(x -> 0.08 + 0.03 * (x - 1) * (x - 1))))
        .marks(List.of(new SurfaceLineChart.Mark("SGD", 0), new SurfaceLineChart.Mark("SWA", 1)));
  }

  private static FlatnessChart flatness() {
    double[] radii = IntStream.range(0, 11).mapToDouble(i -> 0.1 * i).toArray();
    return FlatnessChart.of(
        "Random directions",
        "Train loss (nats)",
        "Test error",
        radii,
        List.of(solution("SGD", radii, 2), solution("SWA", radii, 1)));
  }

  private static FlatnessChart.Solution solution(String name, double[] radii, double steep) {
    double[][] loss = new double[3][];
    double[][] error = new double[3][];
    for (int direction = 0; direction < 3; direction++) {
      double own = steep * (1 + 0.2 * direction);
      loss[direction] = DoubleStream.of(radii).map(r -> 0.2 + own * r * r).toArray();
      error[direction] =
          DoubleStream.of(radii).map(r -> Math.min(0.9, 0.08 + 0.2 * own * r * r)).toArray();
    }
    return new FlatnessChart.Solution(name, loss, error);
  }

  private static CurveChart curves() {
    double[] steps = IntStream.range(0, 13).mapToDouble(i -> Math.pow(2, i)).toArray();
    double[] distance = DoubleStream.of(steps).map(s -> 0.5 / Math.sqrt(s) + 0.01).toArray();
    double[] low = DoubleStream.of(distance).map(v -> 0.8 * v).toArray();
    double[] high = DoubleStream.of(distance).map(v -> 1.25 * v).toArray();
    return CurveChart.titled(
            "Distance to the optimum",
            new CurveChart.Dimension("Steps", CurveChart.Scale.LOGARITHMIC),
            new CurveChart.Dimension("Distance", CurveChart.Scale.LOGARITHMIC))
        .curve("average", steps, distance, low, high)
        .expected(
            "1 / sqrt(steps)", steps, DoubleStream.of(steps).map(s -> 0.5 / Math.sqrt(s)).toArray())
        .build();
  }

  private static CurveGridChart grid() {
    double[] epochs = {1, 2, 3, 4, 5};
    CurveGridChart.Builder grid =
        CurveGridChart.titled("Few labels, many images", "Epochs", "Test error, %");
    for (int way = 0; way < 4; way++) {
      double last = 9 - way;
      grid.panel(List.of("labels alone", "mixed batches", "Pi model", "Mean Teacher").get(way))
          .curve("SGD", epochs, DoubleStream.of(epochs).map(e -> last + 6 / e).toArray())
          .curve("SWA", epochs, DoubleStream.of(epochs).map(e -> last + 5 / e).toArray())
          .curve("fast-SWA", epochs, DoubleStream.of(epochs).map(e -> last + 4 / e).toArray());
    }
    return grid.build();
  }

  private static double[] of(DoubleUnaryOperator value) {
    return DoubleStream.of(AXIS).map(value).toArray();
  }
}

package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.internal.TieGroups;
import io.github.swag4j.calibration.internal.WeightedScores;
import io.github.swag4j.calibration.ood.DetectionCurve.PrecisionRecallPoint;
import io.github.swag4j.calibration.ood.DetectionCurve.RocPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All points of a {@link DetectionCurve}, one for each distinct score and one for no row. */
final class DetectionPoints {
  private DetectionPoints() {}

  static List<RocPoint> roc(DetectionSamples samples) {
    WeightedScores in = samples.in();
    WeightedScores out = samples.out();
    List<RocPoint> points = new ArrayList<>();
    TieGroups group = new TieGroups(in.values(), out.values());
    while (group.next()) {
      double fpr = in.above(group.firstBelow()) / in.total();
      double tpr = out.above(group.secondBelow()) / out.total();
      points.add(new RocPoint(group.value(), fpr, tpr));
    }
    points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
    Collections.reverse(points);
    return List.copyOf(points);
  }

  static List<PrecisionRecallPoint> precisionRecallOut(DetectionSamples samples) {
    WeightedScores in = samples.in();
    WeightedScores out = samples.out();
    List<PrecisionRecallPoint> points = new ArrayList<>();
    TieGroups group = new TieGroups(in.values(), out.values());
    while (group.next()) {
      double right = out.above(group.secondBelow());
      double wrong = in.above(group.firstBelow());
      points.add(point(group.value(), right, wrong, out.total()));
    }
    points.add(new PrecisionRecallPoint(Double.POSITIVE_INFINITY, 0, 1));
    Collections.reverse(points);
    return List.copyOf(points);
  }

  static List<PrecisionRecallPoint> precisionRecallIn(DetectionSamples samples) {
    WeightedScores in = samples.in();
    WeightedScores out = samples.out();
    List<PrecisionRecallPoint> points = new ArrayList<>();
    points.add(new PrecisionRecallPoint(Double.NEGATIVE_INFINITY, 0, 1));
    TieGroups group = new TieGroups(in.values(), out.values());
    while (group.next()) {
      double right = in.below(group.firstBelow() + group.firstEqual());
      double wrong = out.below(group.secondBelow() + group.secondEqual());
      points.add(point(group.value(), right, wrong, in.total()));
    }
    return List.copyOf(points);
  }

  private static PrecisionRecallPoint point(
      double threshold, double right, double wrong, double positives) {
    return new PrecisionRecallPoint(
        threshold, right / positives, WeightedDetection.precision(right, wrong));
  }
}

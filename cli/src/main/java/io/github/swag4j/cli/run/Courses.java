package io.github.swag4j.cli.run;

import io.github.swag4j.reports.TrainingChart;
import java.util.ArrayList;
import java.util.List;

/**
 * Courses of the two trainings.
 *
 * @param swa the run that was averaged
 * @param sgd plain SGD
 */
public record Courses(List<TrainingChart.Epoch> swa, List<TrainingChart.Epoch> sgd) {

  /** Courses to come. */
  static Courses empty() {
    return new Courses(new ArrayList<>(), new ArrayList<>());
  }

  /** A copy that can be added to. */
  Courses copy() {
    return new Courses(new ArrayList<>(swa), new ArrayList<>(sgd));
  }
}

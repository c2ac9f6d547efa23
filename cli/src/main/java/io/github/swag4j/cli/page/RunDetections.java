package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well each method of a run tells each set of unusual rows apart, compared once for the page
 * and for the terminal.
 *
 * @param bySet the sections of the page by the names of the sets
 */
record RunDetections(Map<String, DetectionSection> bySet) {

  /** Of a run. */
  static RunDetections of(Results results) {
    return results.once(RunDetections.class, RunDetections::made);
  }

  private static RunDetections made(Results results) {
    Map<String, DetectionSection> sections = new LinkedHashMap<>();
    for (String ood : results.oodSets()) {
      List<DetectionSection.Entry> entries = new ArrayList<>();
      for (Method method : results.methods()) {
        for (OodScore score : Results.scores(method)) {
          entries.add(
              new DetectionSection.Entry(
                  method.title(),
                  score,
                  results.test(method),
                  results.of(method).get(ood),
                  results.detection(method, ood, score)));
        }
      }
      sections.put(ood, new DetectionSection(results.testSet(), ood, entries));
    }
    return new RunDetections(sections);
  }
}

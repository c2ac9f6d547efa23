package io.github.swag4j.cli.run;

import io.github.swag4j.reports.training.TrainingChart;
import java.util.ArrayList;
import java.util.List;

/**
 * Courses of a network's trainings, each from its first epoch on.
 *
 * @param shared the epochs that all share
 * @param swa the training that was averaged
 * @param sgd plain SGD
 * @param fge the training with a cyclic rate
 * @param members courses of further networks
 */
public record Courses(
    List<TrainingChart.Epoch> shared,
    List<TrainingChart.Epoch> swa,
    List<TrainingChart.Epoch> sgd,
    List<TrainingChart.Epoch> fge,
    List<Courses> members) {

  /** Lists that were not written are empty. */
  public Courses {
    shared = orEmpty(shared);
    swa = orEmpty(swa);
    sgd = orEmpty(sgd);
    fge = orEmpty(fge);
    members = orEmpty(members);
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? new ArrayList<>() : list;
  }

  /** Courses to come. */
  static Courses empty() {
    return new Courses(null, null, null, null, null);
  }

  /** A copy that can be added to. */
  Courses copy() {
    return new Courses(
        new ArrayList<>(shared),
        new ArrayList<>(swa),
        new ArrayList<>(sgd),
        new ArrayList<>(fge),
        new ArrayList<>(members.stream().map(Courses::copy).toList()));
  }

  /** Those of a network, from 1; made if there are none yet. */
  Courses member(int member) {
    if (member == 1) {
      return this;
    }
    while (members.size() < member - 1) {
      members.add(empty());
    }
    return members.get(member - 2);
  }

  /** The course of a stretch, for its epochs to be added to. */
  public List<TrainingChart.Epoch> of(Phase phase) {
    return switch (phase) {
      case START -> shared;
      case AVERAGED -> swa;
      case PLAIN -> sgd;
      case CYCLIC -> fge;
    };
  }
}

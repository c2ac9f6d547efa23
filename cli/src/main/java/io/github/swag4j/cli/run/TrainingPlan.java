package io.github.swag4j.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The stretches that a run's training consists of, one after the other. Each network begins with
 * {@link Phase#START}, and the others branch off from there; a model that was trained elsewhere is
 * where they branch off.
 *
 * @param legs the stretches in order
 */
public record TrainingPlan(List<Leg> legs) {

  /**
   * A stretch.
   *
   * @param member which network, from 1
   * @param phase how it is trained
   * @param first epochs the network was trained for before
   * @param last epochs it was trained for afterwards
   * @param before epochs of all stretches before
   */
  record Leg(int member, Phase phase, int first, int last, int before) {

    /** Epochs of all stretches up to its end. */
    int end() {
      return before + last - first;
    }
  }

  /** What the methods of a run need. */
  static TrainingPlan of(RunConfig config) {
    List<Leg> legs = new ArrayList<>();
    int start = config.averaging().swaStart();
    int epochs = config.optimiser().epochs();
    int before = 0;
    for (int member = 1; member <= config.methods().networks(); member++) {
      for (Phase phase : Phase.values()) {
        boolean needed =
            phase == Phase.START
                ? start > 0
                : config.methods().need(phase, member)
                    && !(phase == Phase.PLAIN && config.fromTrained());
        if (needed) {
          int first = phase == Phase.START ? 0 : start;
          int last = phase == Phase.START ? start : epochs;
          Leg leg = new Leg(member, phase, first, last, before);
          legs.add(leg);
          before = leg.end();
        }
      }
    }
    return new TrainingPlan(List.copyOf(legs));
  }

  /** Epochs of all stretches together. */
  public int epochs() {
    return legs.isEmpty() ? 0 : legs.get(legs.size() - 1).end();
  }

  /** Why there are so many epochs. */
  String explained(Methods methods) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "Epochs: %d", epochs()));
    int networks = legs.isEmpty() ? 0 : legs.get(legs.size() - 1).member();
    for (int member = 1; member <= networks; member++) {
      int of = member;
      List<Leg> own = legs.stream().filter(l -> l.member() == of).toList();
      List<String> parts = new ArrayList<>();
      for (Leg leg : own) {
        int length = leg.last() - leg.first();
        parts.add(
            leg.phase() == Phase.START
                ? length + " that all share"
                : length + " more for " + users(methods, leg));
      }
      text.append(member == 1 ? " = " : "; ")
          .append(networks > 1 ? "network " + member + ": " : "")
          .append(String.join(", ", parts));
    }
    return text.append('.').toString();
  }

  private static String users(Methods methods, Leg leg) {
    String ids =
        methods.list().stream()
            .filter(m -> m.phase() == leg.phase() && (leg.member() == 1 || m.ofMembers()))
            .map(Method::id)
            .collect(Collectors.joining(", "));
    return ids.replaceFirst(", ([^,]*)$", " and $1");
  }
}

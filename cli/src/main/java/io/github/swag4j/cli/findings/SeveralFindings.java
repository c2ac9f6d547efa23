package io.github.swag4j.cli.findings;

import io.github.swag4j.cli.findings.Finding.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What can be said of several sets of predictions together, in as many words as of one: the range
 * of their accuracy, which state too much and which too little, the worst bin of all, which
 * differences are more than chance, and which would gain by a temperature.
 */
public final class SeveralFindings {

  /** So many sets are named with their numbers before they are only counted. */
  private static final int MOST_SETS = 4;

  private final List<Evidence> sets;

  private SeveralFindings(List<Evidence> sets) {
    this.sets = sets;
  }

  /**
   * The findings.
   *
   * @param sets what is known of each set, at least 2
   * @param rankings which set is best by what, where they are of the same rows: from "the lowest
   *     NLL" and the like to how they compare, by their places in the list
   * @param fit the command that fits a temperature on the rows of a set
   * @return the findings by topic
   */
  public static List<Finding> of(
      List<Evidence> sets, Map<String, Ranking> rankings, Function<Evidence, String> fit) {
    SeveralFindings several = new SeveralFindings(List.copyOf(sets));
    List<Finding> found = new ArrayList<>();
    found.add(Finding.of(Topic.ACCURACY, several.accuracy()));
    found.add(Finding.of(Topic.AVERAGE, several.average()));
    several.trusted().ifPresent(text -> found.add(Finding.of(Topic.TRUST, text)));
    found.add(Finding.of(Topic.DISTRUST, several.distrusted()));
    if (!rankings.isEmpty()) {
      found.add(Finding.of(Topic.DIFFERENCES, several.differences(rankings)));
    }
    several.next(best(sets, rankings), fit).ifPresent(found::add);
    return found;
  }

  /** The one that is best by some metric beyond chance, and by no metric another; empty if none. */
  private static String best(List<Evidence> sets, Map<String, Ranking> rankings) {
    List<String> best =
        rankings.values().stream()
            .filter(Ranking::isCertain)
            .map(ranking -> sets.get(ranking.best()).name())
            .distinct()
            .toList();
    return best.size() == 1 ? best.get(0) : "";
  }

  private String accuracy() {
    Comparator<Evidence> byAccuracy = Comparator.comparingDouble(set -> set.accuracy().observed());
    Evidence least = sets.stream().min(byAccuracy).orElseThrow();
    Evidence most = sets.stream().max(byAccuracy).orElseThrow();
    if (least.name().equals(most.name())) {
      return "All have an accuracy of " + accuracy(least) + ".";
    }
    return "Accuracy from " + accuracy(least) + " to " + accuracy(most) + ".";
  }

  private static String accuracy(Evidence set) {
    return Words.percent(set.accuracy().observed())
        + " ("
        + set.name()
        + ", 95 % interval "
        + Words.percent(set.accuracyInterval())
        + ")";
  }

  /** Who states too much, who too little, and of whom that cannot be told. */
  private String average() {
    List<Evidence> over = sets.stream().filter(s -> s.overall().excess(0.95).lower() > 0).toList();
    List<Evidence> under = sets.stream().filter(s -> s.overall().excess(0.95).upper() < 0).toList();
    List<Evidence> rest =
        sets.stream().filter(s -> !over.contains(s) && !under.contains(s)).toList();
    boolean confidences = sets.stream().allMatch(Evidence::judgesTopLabel);
    List<String> parts = new ArrayList<>();
    if (!over.isEmpty()) {
      parts.add((confidences ? "over-confident: " : "stated too high: ") + withPoints(over));
    }
    if (!under.isEmpty()) {
      parts.add((confidences ? "under-confident: " : "stated too low: ") + withPoints(under));
    }
    if (!rest.isEmpty()) {
      parts.add(
          (parts.isEmpty() ? "none is off beyond chance: " : "not off beyond chance: ")
              + Words.names(rest.stream().map(Evidence::name).toList()));
    }
    return Words.sentence(String.join("; ", parts)) + ".";
  }

  private static String withPoints(List<Evidence> sets) {
    if (sets.size() > MOST_SETS) {
      double most = sets.stream().mapToDouble(s -> Math.abs(s.overall().excess())).max().orElse(0);
      return String.format(
          Locale.ROOT,
          "%d of them, by up to %s (%s)",
          sets.size(),
          Words.points(most),
          Words.names(sets.stream().map(Evidence::name).toList()));
    }
    return Words.names(
        sets.stream().map(s -> s.name() + " by " + Words.points(s.overall().excess())).toList());
  }

  /** Where each can be taken at its word, or where the one can that has most such rows. */
  private Optional<String> trusted() {
    List<String> stretches = new ArrayList<>();
    double most = 0;
    String best = "";
    for (Evidence set : sets) {
      Optional<Claims.Stretch> found = new Claims(set.bins()).trusted();
      if (found.isPresent()) {
        Claims.Stretch stretch = found.get();
        double share = (double) stretch.rows() / set.accuracy().rows();
        String text =
            String.format(
                Locale.ROOT,
                "%s from %s to %s (%s of its rows)",
                set.name(),
                stretch.lower(),
                stretch.upper(),
                Words.percent(share));
        stretches.add(text);
        best = share > most ? text : best;
        most = Math.max(most, share);
      }
    }
    if (stretches.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "What they state can be taken at its word within %d points: %s.",
            Claims.TRUSTED_POINTS,
            stretches.size() <= MOST_SETS
                ? Words.names(stretches)
                : stretches.size() + " of them somewhere, the most " + best));
  }

  private String distrusted() {
    Evidence worst = null;
    Part bin = null;
    double certain = 0;
    for (Evidence set : sets) {
      Claims claims = new Claims(set.bins());
      Optional<Part> part = claims.worst();
      if (part.isPresent()) {
        double here = claims.certain(part.get(), part.get().excess() > 0);
        if (here > certain) {
          certain = here;
          bin = part.get();
          worst = set;
        }
      }
    }
    if (worst == null) {
      return "No bin of any of them is off beyond chance.";
    }
    return String.format(
        Locale.ROOT,
        "The worst bin is that of %s from %s (%s): it states %s on average and %s came true, %s too"
            + " %s, %s at the least.",
        worst.name(),
        bin.name(),
        Words.rows(bin.rows()),
        Words.percent(bin.stated()),
        Words.percent(bin.observed()),
        Words.points(bin.excess()),
        bin.excess() > 0 ? "much" : "little",
        Words.points(certain));
  }

  private String differences(Map<String, Ranking> rankings) {
    List<String> sentences = new ArrayList<>();
    rankings.forEach(
        (what, ranking) -> {
          String best = sets.get(ranking.best()).name();
          if (ranking.isCertain()) {
            sentences.add(
                String.format(
                    Locale.ROOT,
                    "%s has %s, by %s before %s (95 %% interval %s to %s), beyond chance.",
                    best,
                    what,
                    Words.number(ranking.difference()),
                    sets.get(ranking.next()).name(),
                    Words.signed(ranking.interval().lower()),
                    Words.signed(ranking.interval().upper())));
          } else {
            List<String> alike = ranking.alike().stream().map(i -> sets.get(i).name()).toList();
            sentences.add(
                String.format(
                    Locale.ROOT,
                    "%s has %s, but not beyond chance before %s.",
                    best,
                    what,
                    Words.names(alike)));
          }
        });
    return String.join(" ", sentences);
  }

  private Optional<Finding> next(String best, Function<Evidence, String> fit) {
    String use = best.isEmpty() ? "" : "Go on with " + best + ". ";
    List<Evidence> gaining =
        sets.stream()
            .filter(set -> set.gain().map(TemperatureGain::isCertain).orElse(false))
            .sorted(Comparator.comparingDouble(set -> -set.gain().orElseThrow().nll()))
            .toList();
    if (gaining.isEmpty()) {
      String none =
          sets.stream().allMatch(set -> set.gain().isPresent())
              ? "A temperature is not shown to help any of them."
              : "";
      String text = (use + none).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Finding.of(Topic.NEXT, text));
    }
    Evidence most = gaining.get(0);
    TemperatureGain gain = most.gain().orElseThrow();
    String text =
        String.format(
            Locale.ROOT,
            "%sA temperature helps %s%s: NLL lower by %s (95 %% interval %s to %s) and ECE about %.3f"
                + " in place of %.3f, by cross-fitting, at a T of about %.2f.",
            use,
            Words.names(gaining.stream().map(Evidence::name).toList()),
            gaining.size() == 1 ? "" : ", most of all " + most.name(),
            Words.number(gain.nll()),
            Words.number(gain.interval().lower()),
            Words.number(gain.interval().upper()),
            gain.eceAfter(),
            gain.eceBefore(),
            gain.temperature());
    return Optional.of(new Finding(Topic.NEXT, text, fit.apply(most)));
  }
}

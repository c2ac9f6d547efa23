package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.cli.findings.Finding.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be said of one set of predictions: how accurate it is, whether its confidence is honest
 * on average, in which bins it can be taken at its word and in which it cannot, which group stands
 * out, and what to do.
 *
 * <p>Every claim follows from an interval and not from a number. Over all rows the level is 95 %.
 * Claims about bins, and about groups, hold for all of them at once (Bonferroni), since the worst
 * is picked among them. A bin is called trustworthy where its interval lies within 5 points of what
 * is stated, and untrustworthy where it does not reach what is stated; of all others nothing is
 * claimed.
 */
public final class CalibrationFindings {

  /** An accuracy of which no more is known than this says nothing about anything else. */
  private static final double TOO_WIDE = 0.3;

  private final Evidence judged;
  private final String fit;
  private final Claims bins;

  private CalibrationFindings(Evidence judged, String fit) {
    this.judged = judged;
    this.fit = fit;
    this.bins = new Claims(judged.bins());
  }

  /**
   * The findings.
   *
   * @param judged what is known
   * @param fit the command that fits a temperature, on these rows or on some held out for it
   * @return the findings by topic, at least that about accuracy
   */
  public static List<Finding> of(Evidence judged, String fit) {
    return new CalibrationFindings(judged, fit).all();
  }

  private List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    found.add(Finding.of(Topic.ACCURACY, accuracy()));
    if (tooFew()) {
      found.add(
          Finding.of(
              Topic.NEXT,
              "Judge more rows. With "
                  + Words.rows(judged.accuracy().rows())
                  + " nothing can be said about its confidence."));
      return found;
    }
    if (judged.bins().isEmpty()) {
      return found; // a convention may leave all rows out of its bins
    }
    found.add(Finding.of(Topic.AVERAGE, average()));
    trusted().ifPresent(text -> found.add(Finding.of(Topic.TRUST, text)));
    found.add(Finding.of(Topic.DISTRUST, distrusted()));
    group().ifPresent(text -> found.add(Finding.of(Topic.GROUP, text)));
    next().ifPresent(found::add);
    return found;
  }

  private boolean tooFew() {
    Interval accuracy = judged.accuracyInterval();
    return !(accuracy.upper() - accuracy.lower() <= TOO_WIDE);
  }

  private String accuracy() {
    Interval interval = judged.accuracyInterval();
    StringBuilder text = new StringBuilder();
    text.append("Right in ").append(Words.percent(judged.accuracy().observed())).append(" of ");
    text.append(judged.accuracy().rows() == 1 ? "one row" : "the rows");
    text.append(" (95 % interval ").append(Words.percent(interval)).append(").");
    double commonest = judged.commonest();
    if (commonest >= interval.lower() && commonest <= interval.upper()) {
      text.append(" Always naming the most frequent class would be right in ");
      text.append(Words.percent(commonest)).append(": no difference beyond chance.");
    } else if (commonest > interval.upper()) {
      text.append(" That is worse than always naming the most frequent class, right in ");
      text.append(Words.percent(commonest)).append(": are the classes in the right order?");
    }
    return text.toString();
  }

  /** Whether too much or too little is stated over all rows. */
  private String average() {
    Part all = judged.overall();
    Interval excess = all.excess(0.95);
    String numbers =
        "states "
            + Words.percent(all.stated())
            + (judged.judgesTopLabel()
                ? ", is right in "
                : " of the " + judged.event() + ", it is ")
            + Words.percent(all.observed());
    if (excess.lower() > 0 || excess.upper() < 0) {
      return Words.sentence(tooMuch(excess.lower() > 0))
          + " by "
          + Words.points(all.excess())
          + " (95 % interval "
          + Words.range(excess)
          + "): it "
          + numbers
          + ".";
    }
    return "Neither too sure nor too unsure beyond chance: it "
        + numbers
        + String.format(
            Locale.ROOT,
            " (between %.1f points too little and %.1f too much).",
            -100 * excess.lower(),
            100 * excess.upper());
  }

  private String tooMuch(boolean much) {
    return judged.judgesTopLabel()
        ? much ? "over-confident" : "under-confident"
        : much ? "predicted too high" : "predicted too low";
  }

  private String states() {
    return judged.judgesTopLabel() ? "confidence" : "probability";
  }

  private Optional<String> trusted() {
    return bins.trusted()
        .map(
            stretch ->
                String.format(
                    Locale.ROOT,
                    "A %s of %s to %s can be taken at its word within %d points (%s, %s of all).",
                    states(),
                    stretch.lower(),
                    stretch.upper(),
                    Claims.TRUSTED_POINTS,
                    Words.rows(stretch.rows()),
                    Words.percent((double) stretch.rows() / judged.accuracy().rows())));
  }

  /** The bins that are off for certain, the worst of either kind; the average may hide them. */
  private String distrusted() {
    Optional<Part> over = bins.worst(true);
    Optional<Part> under = bins.worst(false);
    if (over.isEmpty() && under.isEmpty()) {
      return String.format(
          Locale.ROOT,
          "No bin is off beyond chance; even in the fullest, %s, a gap of %s could hide.",
          bins.fullest().name(),
          Words.points(bins.unseen()));
    }
    Interval average = judged.overall().excess(0.95);
    List<String> sentences = new ArrayList<>();
    over.ifPresent(bin -> sentences.add(off(bin, true, average.upper() < 0)));
    under.ifPresent(bin -> sentences.add(off(bin, false, average.lower() > 0)));
    return String.join(" ", sentences);
  }

  private String off(Part bin, boolean over, boolean hidden) {
    return String.format(
        Locale.ROOT,
        "%s %s to be %s (%s), it states %s on average and %s %s: %s by %s, %s at the least.",
        hidden ? "The average hides it: where it says its" : "Where it says its",
        states(),
        bin.name(),
        Words.rows(bin.rows()),
        Words.percent(bin.stated()),
        judged.judgesTopLabel() ? "is right in" : "the event came in",
        Words.percent(bin.observed()),
        tooMuch(over),
        Words.points(bin.excess()),
        Words.points(bins.certain(bin, over)));
  }

  /**
   * The group whose confidence is off the most for certain, or else the one that is least right.
   */
  private Optional<String> group() {
    if (judged.groups().size() < 2) {
      return Optional.empty();
    }
    Claims groups = new Claims(judged.groups());
    Optional<Part> off = groups.worst();
    if (off.isPresent()) {
      Part group = off.get();
      boolean tooSure = group.excess() > 0;
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s states %s and is right in %s: %s by %s, %s at the least.",
              rowsOf(group),
              Words.percent(group.stated()),
              Words.percent(group.observed()),
              tooSure ? "over-confident" : "under-confident",
              Words.points(group.excess()),
              Words.points(groups.certain(group, tooSure))));
    }
    return judged.groups().stream()
        .filter(group -> groups.observed(group).upper() < judged.accuracyInterval().lower())
        .min(Comparator.comparingDouble(group -> groups.observed(group).upper()))
        .map(
            group ->
                rowsOf(group)
                    + " is right in "
                    + Words.percent(group.observed())
                    + " only ("
                    + Words.percent(groups.observed(group))
                    + ").");
  }

  private String rowsOf(Part group) {
    return "Of "
        + Words.rows(group.rows())
        + " "
        + judged.groupWords()
        + " "
        + group.name()
        + " it";
  }

  /** What to do, where something can be done or is known not to help. */
  private Optional<Finding> next() {
    return judged
        .gain()
        .map(gain -> new Finding(Topic.NEXT, gainText(gain), gain.isCertain() ? fit : ""));
  }

  private String gainText(TemperatureGain gain) {
    if (!gain.isCertain()) {
      return String.format(
          Locale.ROOT,
          "These rows do not show that a temperature would help: by cross-fitting it lowers NLL by %s"
              + " to %s (95 %% interval), with an ECE of about %.3f in place of %.3f. %s.",
          Words.signed(gain.interval().lower()),
          Words.signed(gain.interval().upper()),
          gain.eceAfter(),
          gain.eceBefore(),
          bins.worst().isPresent() ? "Fit it on more rows, or another map" : "Leave it as it is");
    }
    return String.format(
        Locale.ROOT,
        "Fit a temperature, and use it on other rows than those of the fit. By cross-fitting NLL will"
            + " be lower by %s (95 %% interval %s to %s), and ECE about %.3f in place of %.3f, at a T"
            + " of about %.2f; the predicted classes stay.",
        Words.number(gain.nll()),
        Words.number(gain.interval().lower()),
        Words.number(gain.interval().upper()),
        gain.eceAfter(),
        gain.eceBefore(),
        gain.temperature());
  }
}

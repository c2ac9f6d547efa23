package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labels beside one column of probabilities: 0 and 1, true and false, or two names of which the
 * column has one.
 */
final class BinaryLabels {
  private final LabelRule rule;
  private final ReadOptions options;
  private final Source source;
  private final String column;
  private final String name;

  BinaryLabels(LabelRule rule, ReadOptions options, Source source, String column) {
    this.rule = rule;
    this.options = options;
    this.source = source;
    this.column = column;
    String[] parts = Stems.parts(column);
    name = parts.length == 2 ? parts[1] : column;
    rule.byName().putIfAbsent(name, 0);
  }

  LabelMeaning meaning() throws IOException {
    if (options.labels() == Labels.INDEX) {
      return indices();
    }
    if (!options.positiveClass().isEmpty()) {
      return ofPositive(NameText.canonical(NameText.of(options.positiveClass())));
    }
    LabelEvidence first = rule.scan(e -> !e.isEmpty());
    if (first.isEmpty()) {
      return indices();
    }
    boolean whole = NameText.isWhole(name);
    if (options.labels() == Labels.NAME) {
      return ofName(rule.scan(e -> false));
    }
    if (!whole && first.areNames()) {
      return ofName(rule.scan(BinaryLabels::both));
    }
    if (!whole && first.areIndices(2)) {
      LabelEvidence two = rule.scan(e -> e.distinct().size() > (e.areIndices(2) ? 1 : 2));
      return two.distinct().equals(Set.of("1", "-1")) ? unknown(two) : indices();
    }
    if (!whole && NameText.truth(first.first()) >= 0) {
      LabelEvidence all = rule.scan(e -> !e.named().isEmpty() || e.distinct().size() > 1);
      return all.named().isEmpty()
          ? rule.meaning(LabelKind.TRUTH, Map.of(), List.of(0, 1))
          : ofName(rule.scan(BinaryLabels::both));
    }
    LabelEvidence all = rule.scan(BinaryLabels::both);
    if (!whole || !all.areIndices(2)) {
      return all.named().isEmpty() ? unknown(all) : ofName(all);
    }
    if (!name.equals("0")) {
      return indices();
    }
    throw source.refuse(
        Refusal.of(
            "'" + column + "' could hold the probability of class 0 or of class 1: say which ",
            PredictionRemedy.POSITIVE_CLASS,
            " " + larger()));
  }

  /** Whether the class named and another have been seen, or too many. */
  private static boolean both(LabelEvidence seen) {
    int most = seen.named().isEmpty() ? 2 : 1;
    return seen.distinct().size() > most;
  }

  private LabelMeaning indices() {
    return rule.meaning(LabelKind.INDICES, Map.of(), List.of(0, 1));
  }

  private LabelMeaning ofPositive(String positive) throws IOException {
    LabelEvidence seen = rule.scan(e -> e.distinct().size() > 2);
    return two(positive, seen);
  }

  private LabelMeaning ofName(LabelEvidence seen) throws IOException {
    if (seen.named().isEmpty()) {
      throw source.refuse(
          Refusal.of(
              "no label names '"
                  + column
                  + "', the one class column: say which label means its"
                  + " class ",
              PredictionRemedy.POSITIVE_CLASS,
              " " + larger()));
    }
    return two(seen.distinct().contains(name) ? name : column, seen);
  }

  private LabelMeaning two(String positive, LabelEvidence seen) throws PredictionFileException {
    List<String> others = seen.distinct().stream().filter(t -> !t.equals(positive)).toList();
    if (others.size() > 1) {
      throw source.refuse(
          "labels must be two beside one class column, got '"
              + positive
              + "', '"
              + others.get(0)
              + "' and '"
              + others.get(1)
              + "'");
    }
    return rule.binary(LabelKind.NAMES, positive, others.isEmpty() ? "" : others.get(0));
  }

  private LabelMeaning unknown(LabelEvidence seen) throws IOException {
    if (seen.distinct().size() > 2) {
      return indices(); // refused label by label
    }
    throw source.refuse(
        Refusal.of(
            "labels must be 0 and 1, true and false, or name the class of '"
                + column
                + "', got "
                + String.join(" and ", seen.distinct().stream().map(t -> "'" + t + "'").toList())
                + ": say which label means its class ",
            PredictionRemedy.POSITIVE_CLASS,
            " " + larger()));
  }

  /** The label whose rows have the higher probabilities, as an option's value. */
  private String larger() throws IOException {
    String best = "1";
    double most = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Double> mean : rule.means().entrySet()) {
      if (mean.getValue() > most) {
        most = mean.getValue();
        best = mean.getKey();
      }
    }
    return NameText.quoted(NameText.canonical(best));
  }
}

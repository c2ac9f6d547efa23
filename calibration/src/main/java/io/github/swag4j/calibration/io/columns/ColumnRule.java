package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Decides which columns of a table are classes. It follows from what cannot be mistaken:
 *
 * <ol>
 *   <li>an option that names them;
 *   <li>a common stem of their names, or numbers for names ({@link Stems});
 *   <li>labels that name them, or that count as many classes as there are columns left;
 *   <li>else all columns left are the classes, if none of them holds the same or whole numbers
 *       alone, or nothing that a sum of 1 needs. A column with a name of what stands beside classes
 *       ({@link UsualColumns}), or without a number in the first row, is left out, if it holds what
 *       the sum of 1, which every row must have without it, has no room for.
 * </ol>
 *
 * <p>Logits have no sums: of them every column left must follow from one of the first three. What
 * is not settled is refused with the option that settles it, which {@link ColumnHints} has tried.
 */
public final class ColumnRule {
  private final Table table;
  private final ReadOptions options;
  private final Source source;
  private final List<String> names;
  private final ColumnRoles roles;

  /** Whether a refusal looks for the option that helps; not while one is tried. */
  private final boolean hints;

  private ColumnRule(Table table, ReadOptions options, Source source, boolean hints)
      throws PredictionFileException {
    this.table = table;
    this.options = options;
    this.source = source;
    this.hints = hints;
    names = table.names();
    roles = ColumnRoles.of(names, options, source);
  }

  /**
   * Whether a column has a part beside the classes by its name alone: that of labels, weights, ids,
   * groups or expected entropies.
   *
   * @param name the column's name
   * @param labelColumn the column of the labels where it was named, else empty
   */
  public static boolean hasRole(String name, String labelColumn) {
    boolean otherLabels = !labelColumn.isEmpty() && UsualNames.isOneOf(UsualNames.LABELS, name);
    return name.equals(labelColumn) || UsualNames.isReserved(name) && !otherLabels;
  }

  /**
   * What each column of a table is.
   *
   * @throws PredictionFileException if it cannot be told; says which option tells it
   */
  public static ColumnPlan of(Table table, ReadOptions options, Source source) throws IOException {
    return new ColumnRule(table, options, source, true).plan();
  }

  /** The same, with refusals that look for no remedies. */
  static ColumnPlan tried(Table table, ReadOptions options, Source source) throws IOException {
    return new ColumnRule(table, options, source, false).plan();
  }

  private ColumnPlan plan() throws IOException {
    List<Integer> classes;
    if (!options.classColumns().isEmpty()) {
      classes = named();
    } else {
      List<Integer> candidates = candidates();
      PlannedColumns.requireNoLogits(names, options, source);
      Stems stem = stem(candidates);
      boolean numbered = stem == null && Stems.areNumbered(names, candidates);
      classes = numbered ? candidates : stem == null ? settled(candidates) : stem.columns();
    }
    if (classes.isEmpty()) {
      Refusal other = OtherTables.of(table);
      throw source.refuse(
          Refusal.of("the header must have a column per class, got only " + UsualNames.shown(names))
              .and(other.isEmpty() ? other : other.after(": ")));
    }
    return PlannedColumns.of(table, options, source, roles, classes);
  }

  private List<Integer> named() throws PredictionFileException {
    List<Integer> classes = new ArrayList<>();
    for (String name : options.classColumns()) {
      int column = NameText.find(names, name);
      if (column < 0) {
        throw source.refuse(
            "the header must have a class column '" + name + "', got " + UsualNames.shown(names));
      }
      if (classes.contains(column)) {
        throw source.refuse("class columns must be different ones, got '" + name + "' twice");
      }
      classes.add(column);
    }
    return classes;
  }

  /** Columns that are nothing else by their names; without the logits of others. */
  private List<Integer> candidates() {
    List<Integer> candidates = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      if (!roles.isTaken(c) && !UsualNames.isLogitOf(names.get(c), names)) {
        candidates.add(c);
      }
    }
    return candidates;
  }

  /** The columns of one stem, or null if there are none of any. */
  private Stems stem(List<Integer> candidates) throws IOException {
    List<Stems> all = Stems.among(names, candidates);
    List<Stems> of = all.stream().filter(stem -> stem.isLogits() == options.logits()).toList();
    List<Stems> groups = of.isEmpty() ? all : of;
    if (groups.size() > 1) {
      List<String> words = groups.get(0).columns().stream().map(names::get).toList();
      throw source.refuse(
          Refusal.of(
              "the classes must be the columns of one stem, got "
                  + UsualNames.shown(words)
                  + " and "
                  + UsualNames.shown(groups.get(1).columns().stream().map(names::get).toList())
                  + ": name those to be read ",
              PredictionRemedy.CLASS_COLUMNS,
              " " + ColumnHints.value(words)));
    }
    return groups.isEmpty() ? null : groups.get(0);
  }

  private List<Integer> settled(List<Integer> candidates) throws IOException {
    Map<String, Integer> byName = new LinkedHashMap<>();
    IntStream.range(0, names.size())
        .filter(c -> c != roles.label())
        .forEach(
            c -> {
              String[] parts = Stems.parts(names.get(c));
              byName.putIfAbsent(parts.length == 2 ? parts[1] : names.get(c), c);
              byName.put(names.get(c), c);
            });
    LabelEvidence labels = new LabelEvidence(byName, options.ignoredLabels());
    Set<Integer> beside = new TreeSet<>();
    candidates.stream().filter(c -> UsualColumns.isBeside(names.get(c))).forEach(beside::add);
    ColumnEvidence seen =
        ColumnEvidence.of(
            table,
            candidates,
            beside,
            roles.label(),
            labels,
            options.logits(),
            options.percent() ? 100 : 1);
    if (seen.isBroken()) {
      return candidates;
    }
    Set<Integer> named = new TreeSet<>(labels.areNames() ? labels.named() : Set.of());
    for (int c : named) {
      if (!candidates.contains(c) && roles.isTaken(c)) {
        throw unsettled("a label names the column '" + names.get(c) + "', which could be a class");
      }
    }
    List<Integer> left = new ArrayList<>(candidates);
    left.removeIf(c -> seen.isText(c) && !named.contains(c));
    List<Integer> certain = new ArrayList<>(left);
    certain.removeIf(c -> beside.contains(c) && !named.contains(c));
    if (certain.size() == 1 || certain.isEmpty() && left.size() == 1) {
      return alone(certain.isEmpty() ? left.get(0) : certain.get(0), left, seen, labels);
    }
    if (certain.isEmpty()) {
      return left.isEmpty() ? left : several(left, left, beside, named, seen, labels);
    }
    int probability = probability(certain, seen);
    if (probability >= 0 && !named.containsAll(certain)) {
      return alone(probability, left, seen, labels);
    }
    return several(certain, left, beside, named, seen, labels);
  }

  /** The one column among several with the name of a probability, if the others cannot be ones. */
  private int probability(List<Integer> certain, ColumnEvidence seen) {
    List<Integer> of =
        certain.stream()
            .filter(c -> UsualColumns.isProbability(names.get(c), options.logits()))
            .toList();
    boolean others = certain.stream().allMatch(c -> of.contains(c) || seen.isOutside(c));
    return of.size() == 1 && others && !options.logits() ? of.get(0) : -1;
  }

  private List<Integer> several(
      List<Integer> certain,
      List<Integer> left,
      Set<Integer> beside,
      Set<Integer> named,
      ColumnEvidence seen,
      LabelEvidence labels)
      throws IOException {
    boolean counted = labels.count(certain.size());
    List<Integer> classes = new ArrayList<>(certain);
    for (int c : certain) {
      if (named.contains(c) || counted || seen.isClean(c) && !options.logits()) {
        continue;
      }
      if (!named.isEmpty() && seen.isOutside(c) && !options.logits()) {
        classes.remove(Integer.valueOf(c)); // the labels name the others, and it is no probability
        continue;
      }
      if (hints
          && certain.stream().anyMatch(seen::isOutside)
          && !options.logits()
          && new ColumnHints(table, options, source, roles).columns().isEmpty()) {
        return certain; // of numbers that are no probabilities: refused row by row
      }
      throw unsettled(
          options.logits()
              ? "logits have no sums that tell their columns from others, and '"
                  + names.get(c)
                  + "' has neither a stem nor labels that name it"
              : "'" + names.get(c) + "' " + seen.problem(c) + ", and could be no class");
    }
    for (int c : left) {
      boolean free = options.logits() || !seen.carries(c);
      if (beside.contains(c) && !named.contains(c) && !certain.contains(c) && free) {
        throw unsettled("'" + names.get(c) + "' could be a class, or stand beside them");
      }
    }
    if (certain.equals(left) && beside.containsAll(certain) && !named.containsAll(certain)) {
      throw unsettled("'" + names.get(certain.get(0)) + "' could be a class, or stand beside them");
    }
    return classes;
  }

  /** One column of probabilities, if nothing else can be the class that it has no column of. */
  private List<Integer> alone(
      int column, List<Integer> left, ColumnEvidence seen, LabelEvidence labels)
      throws IOException {
    String name = names.get(column);
    boolean usual = UsualColumns.isProbability(name, options.logits());
    boolean named = labels.named().contains(column);
    String[] stem = Stems.parts(name);
    boolean settled = usual || named || stem.length == 2;
    if (!settled
        && (!seen.isCleanAlone(column) || UsualColumns.isBeside(name) && left.size() > 1)) {
      throw unsettled(
          "'"
              + name
              + "' "
              + (seen.isCleanAlone(column) ? "is one of several columns" : seen.problem(column))
              + ", and could be no probability");
    }
    boolean logit = stem.length == 2 && stem[0].contains("logit");
    if (options.logits() && !usual && !named && !logit) {
      throw unsettled("logits have no sums, and '" + name + "' could be something else");
    }
    int predicted = PredictedClass.of(table, roles.label());
    boolean given = predicted >= 0 && predicted != column && !roles.ignored().contains(predicted);
    if (UsualColumns.isConfidence(name)
        || given && PredictedClass.isConfidence(table, column, predicted)) {
      Refusal rule =
          Refusal.of(
              "'"
                  + name
                  + "' must hold the probability of one class, got that of whichever was predicted:"
                  + " give a column for each class");
      Refusal hint = TopLabelColumns.hint(table, options, roles.label(), column);
      throw source.refuse(rule.and(hint.isEmpty() ? hint : hint.after(", or ")));
    }
    Set<Integer> others = new LinkedHashSet<>(left);
    others.addAll(roles.numbers());
    others.remove(column);
    others.removeIf(seen::isOutside);
    double unit = options.percent() ? 100 : 1;
    if (!options.logits() && OtherClasses.couldBe(table, column, List.copyOf(others), unit)) {
      throw unsettled(
          "'" + name + "' and other columns sum to 1 in every row, and could all be classes");
    }
    return List.of(column);
  }

  private PredictionFileException unsettled(String why) throws IOException {
    if (!hints) {
      return source.refuse(why);
    }
    Refusal hint = TopLabelColumns.hint(table, options, roles.label(), -1);
    return source.refuse(
        new ColumnHints(table, options, source, roles)
            .forColumns()
            .after(why + ": ")
            .and(hint.isEmpty() ? hint : hint.after("; or ")));
  }
}

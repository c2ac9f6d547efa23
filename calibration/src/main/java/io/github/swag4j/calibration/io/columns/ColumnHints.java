package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Finds the option with which a table can be read that was refused: each that is named has been
 * tried on all rows. For refusals only, as it reads the table several times.
 */
public final class ColumnHints {
  /** Columns that are left out one by one to see whether the others sum to 1. */
  private static final int TRIED_ALONE = 64;

  private final Table table;
  private final ReadOptions options;
  private final Source source;
  private final ColumnRoles roles;
  private final ColumnTrial trial;

  ColumnHints(Table table, ReadOptions options, Source source, ColumnRoles roles) {
    this.table = table;
    this.options = options;
    this.source = source;
    this.roles = roles;
    trial = new ColumnTrial(table, source);
  }

  /**
   * What to do about a row whose numbers are no distribution.
   *
   * @return the remedy, or a refusal that says nothing
   */
  public static Refusal forRows(Table table, ReadOptions options, Source source)
      throws IOException {
    ColumnHints hints =
        new ColumnHints(table, options, source, ColumnRoles.of(table.names(), options, source));
    return hints.forRows();
  }

  /** Columns to be left out, or named as classes, with which all rows can be read; or nothing. */
  static Refusal forClasses(Table table, ReadOptions options, Source source) throws IOException {
    return new ColumnHints(table, options, source, ColumnRoles.of(table.names(), options, source))
        .columns();
  }

  /**
   * Where labels could be that were not found: the one column that was not read whose cells all
   * mean a class; or that they are in several columns.
   *
   * @return what to add to the refusal, or a refusal that says nothing
   */
  public static Refusal forLabels(Table table, ReadOptions options, Source source)
      throws IOException {
    List<Integer> classes = ColumnRule.tried(table, options, source).classColumns();
    ColumnHints hints =
        new ColumnHints(table, options, source, ColumnRoles.of(table.names(), options, source));
    List<Integer> others = new ArrayList<>(hints.free());
    others.removeAll(classes);
    List<Integer> hot = hints.trial.oneHot(others, classes.size());
    if (!hot.isEmpty()) {
      return Refusal.of(
          "; "
              + UsualNames.shown(hot.stream().map(table.names()::get).toList())
              + " are labels one-hot: put the class into one column instead");
    }
    Refusal column = labelColumn(table, options, source);
    return column.isEmpty() ? column : column.after(", or name their column ");
  }

  /** The one column that is not read, and not usually beside labels, whose cells mean classes. */
  static Refusal labelColumn(Table table, ReadOptions options, Source source) throws IOException {
    ColumnPlan plan = ColumnRule.tried(table, options, source);
    ColumnHints hints =
        new ColumnHints(table, options, source, ColumnRoles.of(table.names(), options, source));
    String found = "";
    for (int c : hints.free()) {
      String name = table.names().get(c);
      if (!plan.classColumns().contains(c)
          && !UsualColumns.isBeside(name)
          && hints.trial.works(options.withLabelColumn(name))) {
        if (!found.isEmpty()) {
          return Refusal.of();
        }
        found = name;
      }
    }
    return found.isEmpty()
        ? Refusal.of()
        : Refusal.of("", PredictionRemedy.LABEL_COLUMN, " " + value(List.of(found)));
  }

  private Refusal forRows() throws IOException {
    Refusal columns = columns();
    if (!columns.isEmpty()) {
      return columns;
    }
    if (arePercentages()) {
      return Refusal.of("if these are percentages, ", PredictionRemedy.PERCENT);
    }
    if (!options.renormalise()
        && !options.logits()
        && !options.percent()
        && trial.areRounded(options)) {
      return Refusal.of("if they are rounded, ", PredictionRemedy.RENORMALISE);
    }
    if (!options.logits() && !options.renormalise() && !options.percent()) {
      return logits();
    }
    return Refusal.of();
  }

  /** Whether all rows can be read as percentages, of which one is above 1. */
  private boolean arePercentages() throws IOException {
    if (options.percent() || options.logits()) {
      return false;
    }
    List<Integer> read = trial.classesWith(options.withPercent(true));
    return !read.isEmpty() && trial.haveOutside(read);
  }

  private Refusal logits() throws IOException {
    Refusal logits = Refusal.of("if these are logits, ", PredictionRemedy.AS_LOGITS);
    ReadOptions tried = options.withLogits(true);
    List<Integer> read = trial.classesWith(tried);
    if (!read.isEmpty()) {
      return trial.haveOutside(read) ? logits : Refusal.of();
    }
    Set<Integer> whole = trial.wholeNumbers(free());
    List<Integer> numbers =
        free().stream()
            .filter(c -> !whole.contains(c) && !UsualColumns.isBeside(table.names().get(c)))
            .toList();
    List<String> classes = numbers.stream().map(table.names()::get).toList();
    if (options.classColumns().isEmpty()
        && !classes.isEmpty()
        && trial.haveOutside(numbers)
        && trial.works(tried.withClassColumns(classes))) {
      return logits
          .and(Refusal.of(" and name the classes ", PredictionRemedy.CLASS_COLUMNS))
          .and(Refusal.of(" " + value(classes)));
    }
    return Refusal.of();
  }

  /** What to do about columns that could be classes or not. */
  Refusal forColumns() throws IOException {
    Refusal columns = columns();
    if (!columns.isEmpty()) {
      return columns;
    }
    if (arePercentages()) {
      return Refusal.of("if these are percentages, ", PredictionRemedy.PERCENT);
    }
    Refusal shape = OtherTables.of(table);
    return shape.isEmpty()
        ? Refusal.of("name the classes ", PredictionRemedy.CLASS_COLUMNS)
        : shape;
  }

  /** Columns to be left out, or named as classes, with which all rows can be read; or nothing. */
  Refusal columns() throws IOException {
    if (!options.classColumns().isEmpty()) {
      return Refusal.of();
    }
    Refusal leave = leave(likely());
    if (!leave.isEmpty()) {
      return leave;
    }
    for (List<String> classes : classLists()) {
      List<Integer> read = trial.classesWith(options.withClassColumns(classes));
      if (!read.isEmpty() && (classes.size() == free().size() || !trial.haveConstant(read))) {
        return options.logits() ? nameThem(classes) : named(classes);
      }
      String first = classes.get(0);
      ReadOptions positive = options.withClassColumns(classes).withPositiveClass(first);
      boolean reversed =
          classes.size() == 2 && NameText.truth(first) == 1 && NameText.truth(classes.get(1)) == 0;
      if (reversed && options.positiveClass().isEmpty() && trial.works(positive)) {
        return nameThem(classes)
            .and(
                Refusal.of(
                    " and say which is the positive one ",
                    PredictionRemedy.POSITIVE_CLASS,
                    " " + NameText.quoted(first)));
      }
    }
    if (options.logits()) {
      return Refusal.of();
    }
    Refusal single = leaveTheOnly(singles());
    return single.isEmpty() ? neighbours() : single;
  }

  /** The only columns that stand side by side and sum to 1 in every row. */
  private Refusal neighbours() throws IOException {
    Set<Integer> numbers = new TreeSet<>(free());
    numbers.addAll(roles.numbers());
    double unit = options.percent() ? 100 : 1;
    List<List<Integer>> runs = trial.distributions(List.copyOf(numbers), unit);
    if (runs.size() != 1
        || trial.haveConstant(runs.get(0))
        || !trial.wholeNumbers(runs.get(0)).isEmpty()) {
      return Refusal.of();
    }
    List<String> names = runs.get(0).stream().map(table.names()::get).toList();
    return names.stream().noneMatch(UsualColumns::isBeside)
            && trial.works(options.withClassColumns(names))
        ? nameThem(names)
        : Refusal.of();
  }

  /** What of some lists can be left out, if it is clear which: no other leaves other classes. */
  private Refusal leaveTheOnly(Set<List<String>> lists) throws IOException {
    Refusal found = Refusal.of();
    Set<Set<Integer>> ways = new LinkedHashSet<>();
    for (List<String> left : lists) {
      List<String> all = new ArrayList<>(options.ignoredColumns());
      all.addAll(left);
      List<Integer> classes = trial.classesWith(options.withIgnoredColumns(all));
      if (leaves(classes, left)) {
        ways.add(new TreeSet<>(classes));
        found = found.isEmpty() ? leaveOut(left) : found;
      }
    }
    return ways.size() == 1 ? found : Refusal.of();
  }

  static Refusal nameThem(List<String> classes) {
    return Refusal.of("name the classes ", PredictionRemedy.CLASS_COLUMNS, " " + value(classes));
  }

  /**
   * To name some classes; but one that is 0 in every row and stands before another moves what index
   * labels mean: then it is left out if labels mean it, which its rows deny, and else nothing is
   * said.
   */
  private Refusal named(List<String> classes) throws IOException {
    ColumnPlan plan = ColumnRule.tried(table, options.withClassColumns(classes), source);
    Set<Integer> zero = trial.zeros(plan.classColumns());
    boolean last =
        plan.classColumns().stream()
            .filter(c -> !zero.contains(c))
            .allMatch(c -> zero.stream().allMatch(z -> z > c));
    List<String> names = zero.stream().map(table.names()::get).toList();
    if (last || plan.labels().kind() != LabelKind.INDICES) {
      Refusal without = zero.isEmpty() ? Refusal.of() : leave(Set.of(names));
      return nameThem(classes).and(without.isEmpty() ? without : without.after(", or "));
    }
    return labelled(plan, zero) ? leave(Set.of(names)) : Refusal.of();
  }

  private boolean labelled(ColumnPlan plan, Set<Integer> columns) throws IOException {
    try (Table.Rows rows = table.rows()) {
      while (rows.advance()) {
        int k = plan.labels().of(rows.text(plan.label()));
        if (k >= 0 && columns.contains(plan.classColumns().get(k))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether there are classes, none of which is left out: of one column none is the other class.
   */
  private boolean leaves(List<Integer> classes, List<String> left) throws IOException {
    boolean clear = !classes.isEmpty();
    if (classes.size() == 1) {
      List<Integer> others = new ArrayList<>(roles.numbers());
      left.forEach(name -> others.add(table.names().indexOf(name)));
      String name = table.names().get(classes.get(0));
      boolean usual = UsualColumns.isProbability(name, options.logits());
      clear = usual && !OtherClasses.couldBe(table, classes.get(0), others, 1);
    }
    return clear;
  }

  private static Refusal leaveOut(List<String> names) {
    return Refusal.of(
        "leave what is no class out ", PredictionRemedy.IGNORED_COLUMNS, " " + value(names));
  }

  private Refusal leave(Set<List<String>> lists) throws IOException {
    for (List<String> left : lists) {
      List<String> all = new ArrayList<>(options.ignoredColumns());
      all.addAll(left);
      if (!left.isEmpty() && leaves(trial.classesWith(options.withIgnoredColumns(all)), left)) {
        return leaveOut(left);
      }
    }
    return Refusal.of();
  }

  /** Columns that are likely no classes: by their names, by whole numbers, by what others are. */
  private Set<List<String>> likely() throws IOException {
    List<String> names = table.names();
    Set<Integer> whole = trial.wholeNumbers(free());
    List<String> beside = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    List<String> both = new ArrayList<>();
    List<String> allButProbability = new ArrayList<>();
    boolean probability = false;
    for (int c : free()) {
      String name = names.get(c);
      boolean isOne = UsualColumns.isProbability(name, options.logits());
      probability |= isOne;
      boolean named = UsualColumns.isBeside(name);
      if (named) {
        beside.add(name);
      }
      if (whole.contains(c)) {
        counts.add(name);
      }
      if (named || whole.contains(c)) {
        both.add(name);
      }
      if (!isOne) {
        allButProbability.add(name);
      }
    }
    Set<List<String>> tried = new LinkedHashSet<>(List.of(beside));
    tried.add(counts);
    tried.add(both);
    if (probability) {
      tried.add(allButProbability);
    }
    return tried;
  }

  /** Each column alone, and with all that have names of what stands beside classes. */
  private Set<List<String>> singles() {
    List<Integer> free = free();
    List<String> beside =
        free.stream().map(table.names()::get).filter(UsualColumns::isBeside).toList();
    Set<List<String>> tried = new LinkedHashSet<>();
    for (int c : free.size() <= TRIED_ALONE ? free : List.<Integer>of()) {
      tried.add(List.of(table.names().get(c)));
      Set<String> more = new LinkedHashSet<>(beside);
      more.add(table.names().get(c));
      tried.add(List.copyOf(more));
    }
    return tried;
  }

  private List<Integer> free() {
    return IntStream.range(0, table.names().size())
        .filter(c -> !roles.isTaken(c) && !table.names().get(c).isEmpty())
        .boxed()
        .toList();
  }

  /** Columns that might be the classes: all that are free, with those that have another part. */
  private Set<List<String>> classLists() {
    List<String> names = table.names();
    List<Integer> unsuspected =
        free().stream().filter(c -> !UsualColumns.isBeside(names.get(c))).toList();
    Set<List<String>> tried = new LinkedHashSet<>();
    for (List<Integer> some : List.of(free(), unsuspected)) {
      List<Integer> all = new ArrayList<>(some);
      all.addAll(options.logits() ? List.of() : roles.numbers());
      tried.add(all.stream().sorted().map(names::get).toList());
    }
    tried.add(free().stream().map(names::get).toList());
    tried.add(unsuspected.stream().map(names::get).toList());
    for (int c : free().size() <= TRIED_ALONE ? free() : List.<Integer>of()) {
      Set<Integer> more = new TreeSet<>(unsuspected);
      more.add(c);
      tried.add(more.stream().map(names::get).toList());
    }
    // One column beside others could be one of two classes: no advice.
    boolean others = free().size() > 1 || !roles.numbers().isEmpty();
    tried.removeIf(list -> list.isEmpty() || list.size() == 1 && others);
    return tried;
  }

  /** Names as the value of an option that takes them separated by commas, as a shell takes it. */
  public static String value(List<String> names) {
    List<String> fields = new ArrayList<>();
    for (String name : names) {
      boolean quote = name.contains(",") || name.contains("\"");
      fields.add(quote ? "\"" + name.replace("\"", "\"\"") + "\"" : name);
    }
    return NameText.quoted(String.join(",", fields));
  }
}

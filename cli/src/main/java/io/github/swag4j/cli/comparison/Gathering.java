package io.github.swag4j.cli.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.comparison.Judgement.Detection;
import io.github.swag4j.cli.page.PageWords;
import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.run.EffectiveConfig;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Takes up runs and files one by one, and sorts what they predicted into groups of contenders. */
public final class Gathering {

  private static final String MEMBERS = "members";
  private static final String FGE_CYCLE = "fge-cycle";

  /** What makes no method another: the seed is what is averaged over. */
  private static final Set<String> NO_SETTING =
      Set.of("seed", "threads", "method", "data-dir", "ood-dir");

  /** What one method of one run, or a file, has predicted. */
  private record Entry(
      String group,
      String set,
      TestRows rows,
      String method,
      Map<String, String> settings,
      Integer seed,
      Judgement judged) {

    boolean isOfSameRows(Entry other) {
      return group.equals(other.group) && rows.isSame(other.rows);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final TrainedOn trained = new TrainedOn();
  private Set<String> corruptions;

  /**
   * Takes up all methods of a finished run.
   *
   * @param group what it is put together with, empty for all that is judged by the same rows
   * @param apart options that tell groups apart, and so none of their contenders
   */
  public void run(RunDirectory run, String group, Set<String> apart) throws IOException {
    RunDescription description = RunDescription.read(run);
    Results results = RunMetrics.stored(run, description);
    Map<String, String> settings = EffectiveConfig.of(description.config()).words();
    Map<String, String> own = new LinkedHashMap<>(settings);
    own.keySet().removeAll(NO_SETTING);
    own.keySet().removeAll(apart);
    Shifts shifts = shifts(run);
    for (Method method : results.methods()) {
      Map<List<String>, Detection> detections = new LinkedHashMap<>();
      for (String ood : results.oodSets()) {
        for (OodScore score : Results.scores(method)) {
          detections.put(
              List.of(ood, score.name()), Detection.of(results.detection(method, ood, score)));
        }
      }
      Predictions test = results.test(method);
      Judgement judged = Judgement.of(test, results.temperatures().scaled(method), detections);
      Map<Integer, Map<Column, Double>> known = shifts.of(method.title(), judged.numbers());
      if (known.isEmpty() && shifts.byMethod().containsKey(method.title())) {
        notes.add(
            Shifts.file(run)
                + ": is of other rows or weights than the run, and is left out: repeat"
                + " 'swag4j shift'");
      }
      entries.add(
          new Entry(
              group,
              results.testSet(),
              TestRows.ofRun(test, description),
              method.title(),
              settings(own, method),
              description.config().seed(),
              judged.with(known)));
    }
    trained.add(run, description).ifPresent(notes::add);
    sources.add(source(run, description, settings));
  }

  /** Those that a method depends on. */
  private static Map<String, String> settings(Map<String, String> own, Method method) {
    Map<String, String> settings = new LinkedHashMap<>(own);
    if (!method.ofMembers()) {
      settings.remove(MEMBERS);
    }
    if (method != Method.FGE) {
      settings.remove(FGE_CYCLE);
    }
    return settings;
  }

  /** Those of a run, if they are of the corruptions of the runs before. */
  private Shifts shifts(RunDirectory run) throws IOException {
    Shifts found = Shifts.of(run);
    if (found.byMethod().isEmpty()) {
      return found;
    }
    corruptions = corruptions == null ? found.corruptions() : corruptions;
    if (corruptions.equals(found.corruptions())) {
      return found;
    }
    notes.add(
        Shifts.file(run) + ": is of other corruptions than that of another run, and is left out");
    return new Shifts(Set.of(), Map.of());
  }

  private static Source source(
      RunDirectory run, RunDescription description, Map<String, String> settings) {
    Map<String, String> data = new TreeMap<>();
    description
        .data()
        .forEach(
            (part, set) ->
                data.put(
                    part,
                    String.format(
                        Locale.ROOT,
                        "%s, %,d rows, sha256 %s",
                        set.name(),
                        set.rows(),
                        set.sha256())));
    String command =
        Files.exists(run.options())
            ? LauncherName.get()
                + " train --config "
                + PageWords.quoted(run.options().toString())
                + " --out DIR"
            : "see run.json: the run is older than config.yaml";
    return new Source(
        run.path().toString(),
        Integer.toString(description.config().seed()),
        settings,
        description.versions(),
        data,
        command);
  }

  /**
   * Takes up a file of predictions.
   *
   * @param name what tables call it
   * @param sha256 hash of its bytes
   */
  public void file(Path file, String name, Predictions read, String sha256) {
    entries.add(
        new Entry(
            "",
            "",
            TestRows.ofFile(read),
            name,
            Map.of(),
            null,
            Judgement.of(read, Optional.empty(), Map.of())));
    String rows = String.format(Locale.ROOT, "%,d rows, sha256 %s", read.rows(), sha256);
    sources.add(
        new Source(
            file.toString(),
            "",
            Map.of(),
            Map.of(),
            Map.of("predictions", rows),
            LauncherName.get() + " evaluate " + PageWords.quoted(file.toString())));
  }

  /** Where everything is from. */
  List<Source> sources() {
    return sources;
  }

  /** What was left out, a sentence each; known after {@link #comparison}. */
  public List<String> notes() {
    return notes;
  }

  /**
   * Holds everything against the baseline of its group.
   *
   * @param baseline name of the contender the others are held against, null for the first
   * @throws UsageException if no group has it
   */
  public Comparison comparison(String baseline) {
    List<List<Entry>> groups = new ArrayList<>();
    for (Entry entry : entries) {
      groups.stream()
          .filter(group -> group.stream().allMatch(entry::isOfSameRows))
          .findFirst()
          .orElseGet(
              () -> {
                groups.add(new ArrayList<>());
                return groups.get(groups.size() - 1);
              })
          .add(entry);
    }
    List<Group> all = new ArrayList<>();
    for (List<Entry> group : groups) {
      all.add(new Group(title(group, all), group.get(0).rows().labels().length, contenders(group)));
    }
    if (baseline == null) {
      return Comparison.of(all);
    }
    requireKnown(all, baseline);
    return Comparison.of(all.stream().map(group -> beginningWith(group, baseline)).toList());
  }

  private static void requireKnown(List<Group> all, String baseline) {
    Set<String> names = new LinkedHashSet<>();
    all.forEach(group -> group.contenders().forEach(each -> names.add(each.name())));
    if (!names.contains(baseline)) {
      throw new UsageException(
          "--baseline must be one of " + String.join("; ", names) + ", got '" + baseline + "'");
    }
  }

  private static Group beginningWith(Group group, String baseline) {
    List<Contender> ordered = new ArrayList<>(group.contenders());
    ordered.sort((a, b) -> Boolean.compare(b.name().equals(baseline), a.name().equals(baseline)));
    return new Group(group.title(), group.rows(), ordered);
  }

  /** The data set's name, behind that of the group; with a number where it is there already. */
  private static String title(List<Entry> group, List<Group> before) {
    String set =
        group.stream().map(Entry::set).filter(name -> !name.isEmpty()).findFirst().orElse("files");
    String title = group.get(0).group().isEmpty() ? set : group.get(0).group();
    long same = before.stream().filter(each -> each.title().startsWith(title)).count();
    return same == 0 ? title : title + " (" + (same + 1) + ")";
  }

  /** The method with the settings that tell it from others of the group. */
  private static String name(Entry entry, Set<String> differing) {
    StringBuilder name = new StringBuilder(entry.method());
    for (String key : differing) {
      String value = entry.settings().get(key);
      name.append(value == null ? "" : ", " + key + " " + value);
    }
    return name.toString();
  }

  private List<Contender> contenders(List<Entry> group) {
    Set<String> differing = differing(group);
    Map<String, Contender> byName = new LinkedHashMap<>();
    Set<String> trained = new LinkedHashSet<>();
    group.stream()
        .filter(entry -> entry.seed() != null)
        .forEach(entry -> trained.add(name(entry, differing)));
    for (Entry entry : group) {
      String plain = name(entry, differing);
      // A file that is called as a method is none of its seeds.
      boolean another = entry.seed() == null && trained.contains(plain);
      Contender contender =
          byName.computeIfAbsent(
              another ? plain + " (file)" : plain,
              n -> new Contender(n, entry.seed() != null, new TreeMap<>()));
      int seed = entry.seed() == null ? 0 : entry.seed();
      if (contender.bySeed().putIfAbsent(seed, entry.judged()) != null) {
        notes.add(
            contender.name() + " under seed " + seed + " is there twice: the first one is taken");
      }
    }
    return List.copyOf(byName.values());
  }

  /** A method without it is none of another number. */
  private static boolean ofSomeMethods(String key) {
    return key.equals(MEMBERS) || key.equals(FGE_CYCLE);
  }

  /** Settings that tell runs of a group apart. */
  private static Set<String> differing(List<Entry> group) {
    List<Map<String, String>> settings =
        group.stream().filter(e -> e.seed() != null).map(Entry::settings).toList();
    Set<String> keys = new LinkedHashSet<>();
    settings.forEach(each -> keys.addAll(each.keySet()));
    keys.removeIf(
        key ->
            settings.stream()
                    .filter(each -> !ofSomeMethods(key) || each.containsKey(key))
                    .map(each -> Optional.ofNullable(each.get(key)))
                    .distinct()
                    .count()
                < 2);
    return keys;
  }
}

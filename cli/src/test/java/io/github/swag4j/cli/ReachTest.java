package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in docs/metrics.md that says what the program reaches is true of today's code. */
class ReachTest {
  private static final String CALIBRATION = "io.github.swag4j.calibration";
  private static final String PROGRAM = "io.github.swag4j.cli";
  private static final String BEGIN = "<!-- reach: made by ReachTest, -Ddraw=true writes it -->\n";
  private static final String END = "<!-- end of reach -->\n";
  private static final Path PAGE = Path.of("").toAbsolutePath().resolveSibling("docs/metrics.md");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.swag4j");

  /** What a command or a page can give, and what takes a program of one's own. */
  private enum Reach {
    COMMAND,
    PAGE,
    LIBRARY
  }

  @Test
  void theTableOfWhatTheProgramReachesIsTrue() throws IOException {
    String page = Files.readString(PAGE).replace("\r\n", "\n");
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    assertThat(begin).isPositive();
    assertThat(end).isGreaterThan(begin);
    String made = table();
    if (Boolean.getBoolean("draw")) {
      page = page.substring(0, begin) + BEGIN + made + page.substring(end);
      Files.writeString(PAGE, page);
    }
    assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)))
        .as(
            "make it again: ./mvnw -pl cli -am test -Dtest=ReachTest -Ddraw=true"
                + " -Dsurefire.failIfNoSpecifiedTests=false")
        .isEqualTo(made);
  }

  private static String table() {
    Set<String> commands = closure(c -> !isPage(c));
    Set<String> pages = closure(c -> true);
    Map<String, Map<Reach, Set<String>>> rows = new TreeMap<>();
    for (JavaClass c : CLASSES) {
      if (!isPublicType(c)) {
        continue;
      }
      Reach reach =
          commands.contains(c.getName())
              ? Reach.COMMAND
              : pages.contains(c.getName()) ? Reach.PAGE : Reach.LIBRARY;
      rows.computeIfAbsent(c.getPackageName(), p -> new TreeMap<>())
          .computeIfAbsent(reach, r -> new TreeSet<>())
          .add(c.getSimpleName());
    }
    StringBuilder table = new StringBuilder();
    table.append("| package | command line | page | library only |\n|---|---|---|---|\n");
    rows.forEach(
        (name, types) ->
            table
                .append("| `calibration")
                .append(name.substring(CALIBRATION.length()))
                .append("` | ")
                .append(words(types, Reach.COMMAND))
                .append(" | ")
                .append(words(types, Reach.PAGE))
                .append(" | ")
                .append(words(types, Reach.LIBRARY))
                .append(" |\n"));
    return table.toString();
  }

  private static String words(Map<Reach, Set<String>> types, Reach reach) {
    return types.getOrDefault(reach, Set.of()).stream().collect(Collectors.joining(", "));
  }

  private static boolean isPage(JavaClass c) {
    return c.getPackageName().startsWith(PROGRAM + ".page")
        || c.getPackageName().startsWith("io.github.swag4j.reports");
  }

  private static boolean isPublicType(JavaClass c) {
    String name = c.getPackageName();
    return (name.equals(CALIBRATION) || name.startsWith(CALIBRATION + "."))
        && !name.matches(".*\\.(internal|fit|csv|npz)(\\..*)?")
        && c.isTopLevelClass()
        && c.getModifiers().contains(JavaModifier.PUBLIC)
        && !c.isAssignableTo(Throwable.class);
  }

  /**
   * Everything that the program uses, and what that uses. It begins with the program's own classes:
   * a chart that the program never draws reaches nothing.
   *
   * @param entered classes that are gone through
   */
  private static Set<String> closure(Predicate<JavaClass> entered) {
    Deque<JavaClass> open = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    CLASSES.stream()
        .filter(c -> c.getPackageName().startsWith(PROGRAM))
        .filter(entered)
        .forEach(
            c -> {
              seen.add(c.getName());
              open.add(c);
            });
    while (!open.isEmpty()) {
      open.remove().getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(c -> c.getPackageName().startsWith("io.github.swag4j"))
          .filter(entered)
          .filter(c -> seen.add(c.getName()))
          .forEach(c -> open.add(CLASSES.contain(c.getName()) ? CLASSES.get(c.getName()) : c));
    }
    return seen;
  }
}

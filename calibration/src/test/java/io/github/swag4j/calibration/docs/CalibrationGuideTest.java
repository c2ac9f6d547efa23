package io.github.swag4j.calibration.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what the guide tells its reader: puts the Java blocks into the class that the page shows,
 * with the imports that it shows and no others, compiles it, runs it where the data are, and holds
 * the page's text blocks against what is printed.
 */
class CalibrationGuideTest {

  private static final Path GUIDE = Path.of("..", "docs", "guide", "calibration-java.md");

  private static final Pattern BLOCK = Pattern.compile("```(java|text)\n(.*?)```", Pattern.DOTALL);

  /** Where the class that the page shows has room for the other blocks. */
  private static final String PLACE = "    // The other blocks of this page, in their order.\n";

  private static final Pattern IMPORT = Pattern.compile("(?m)^import [a-z0-9.]+\\.([A-Z]\\w+);$");

  /** A Java block and the text block after it, empty if there is none. */
  private record Step(String code, String printed) {}

  @Test
  void everyBlockCompilesWithTheImportsShownAndPrintsWhatThePageSays(@TempDir Path dir)
      throws Exception {
    List<Step> steps = steps(Files.readString(GUIDE));
    String shown = steps.remove(0).code();
    assertThat(shown).containsOnlyOnce(PLACE);
    String blocks =
        steps.stream()
            .map(step -> step.code() + "System.out.print(\"\\f\");\n")
            .collect(Collectors.joining());
    String[] printed = run(shown.replace(PLACE, blocks), dir);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(printed[i]).as(steps.get(i).code()).isEqualTo(steps.get(i).printed());
    }
    assertThat(steps).hasSizeGreaterThan(8);
    Matcher imported = IMPORT.matcher(shown);
    int imports = 0;
    for (; imported.find(); imports++) {
      assertThat(blocks).containsPattern("\\b" + imported.group(1) + "\\b");
    }
    assertThat(imports).isEqualTo(shown.split("\nimport |^import ", -1).length - 1);
  }

  @Test
  void theDependencyShownIsThisModule() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Matcher own =
        Pattern.compile(
                "<groupId>(.+?)</groupId>.*?<version>(.+?)</version>.*?</parent>"
                    + ".*?<artifactId>(.+?)</artifactId>",
                Pattern.DOTALL)
            .matcher(pom);
    assertThat(own.find()).isTrue();
    String group = own.group(1);
    String version = own.group(2);
    String artifact = own.group(3);
    assertThat(Files.readString(GUIDE))
        .contains(
            "```xml\n<dependency>\n  <groupId>"
                + group
                + "</groupId>\n  <artifactId>"
                + artifact
                + "</artifactId>\n  <version>"
                + version
                + "</version>\n</dependency>\n```")
        .contains("implementation(\"" + group + ":" + artifact + ":" + version + "\")");
  }

  private static List<Step> steps(String page) {
    List<Step> steps = new ArrayList<>();
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      if (block.group(1).equals("java")) {
        steps.add(new Step(block.group(2), ""));
      } else {
        Step last = steps.remove(steps.size() - 1);
        steps.add(new Step(last.code(), block.group(2)));
      }
    }
    return steps;
  }

  private static String[] run(String code, Path dir) throws Exception {
    Path source = Files.writeString(dir.resolve("Guide.java"), code);
    String path = System.getProperty("java.class.path");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> arguments = List.of("-d", dir.toString(), "-cp", path, "-proc:none");
      boolean compiled =
          compiler
              .getTask(problems, files, null, arguments, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
    Path out = dir.resolve("out.txt");
    Path err = dir.resolve("err.txt");
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                dir + File.pathSeparator + path,
                "Guide")
            .directory(GUIDE.resolveSibling("data").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertThat(exit).as(Files.readString(err)).isZero();
    return Files.readString(out).replace(System.lineSeparator(), "\n").split("\f", -1);
  }
}

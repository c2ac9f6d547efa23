package io.github.swag4j.studies.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java blocks of a guide's page. */
public final class GuideCode {
  private GuideCode() {}

  /** Asserts that every line of them stands in a test, which runs it. */
  public static void assertIsIn(Path guide, Path test) throws IOException {
    List<String> code = Files.readAllLines(test).stream().map(String::strip).toList();
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(guide));
    int lines = 0;
    while (blocks.find()) {
      for (String line : blocks.group(1).split("\n", -1)) {
        if (!line.isBlank()) {
          assertThat(code).contains(line.strip());
          lines++;
        }
      }
    }
    assertThat(lines).isGreaterThan(8);
  }
}

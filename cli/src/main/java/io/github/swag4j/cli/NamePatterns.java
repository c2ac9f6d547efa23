package io.github.swag4j.cli;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns of names in which {@code *} stands for any characters, none included. */
final class NamePatterns {
  private final List<Pattern> patterns;

  NamePatterns(List<String> globs) {
    this.patterns =
        globs.stream()
            .map(
                glob ->
                    Pattern.compile(
                        Arrays.stream(glob.split("\\*+", -1))
                            .map(Pattern::quote)
                            .collect(joining(".*")),
                        Pattern.DOTALL))
            .toList();
  }

  /** Whether one of the patterns matches the whole name. */
  boolean match(String name) {
    return patterns.stream().anyMatch(p -> p.matcher(name).matches());
  }
}

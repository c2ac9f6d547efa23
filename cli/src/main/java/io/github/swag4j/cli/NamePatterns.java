package io.github.swag4j.cli;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Patterns of names in which {@code *} stands for any characters, none included. */
final class NamePatterns {
  private final List<String> globs;
  private final List<Pattern> patterns;

  NamePatterns(List<String> globs) {
    this.globs = List.copyOf(globs);
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

  /** The patterns that match none of the names. */
  List<String> unmatched(Collection<String> names) {
    return IntStream.range(0, globs.size())
        .filter(i -> names.stream().noneMatch(n -> patterns.get(i).matcher(n).matches()))
        .mapToObj(globs::get)
        .toList();
  }

  /** Whether one of the patterns matches the whole name. */
  boolean match(String name) {
    return patterns.stream().anyMatch(p -> p.matcher(name).matches());
  }
}

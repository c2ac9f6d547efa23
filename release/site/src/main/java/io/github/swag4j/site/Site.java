package io.github.swag4j.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The pages of a checkout: README, changelog, everything under {@code docs}, and each file of the
 * repository that one of them links to, each at its own place. Relative links thus stay what they
 * are, but for the ending of pages.
 */
public final class Site {
  private static final List<String> ALONE = List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md");

  private final Path root;
  private final Path out;
  private final MarkdownPage pages;
  private final Deque<Path> due = new ArrayDeque<>();
  private final Set<Path> seen = new HashSet<>();

  private Site(Path root, Path out, String version) throws IOException {
    this.root = root.toRealPath();
    this.out = out;
    this.pages = new MarkdownPage(version);
  }

  /**
   * Writes the pages.
   *
   * @param args the checkout, the folder to write to, the version
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), Path.of(args[1]), args[2]);
  }

  /** Writes the pages of a checkout into a folder and returns how many files there are. */
  static int write(Path root, Path out, String version) throws IOException {
    Site site = new Site(root, out, version);
    for (String page : ALONE) {
      site.want(site.root.resolve(page));
    }
    try (Stream<Path> files = Files.walk(site.root.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(site::want);
    }
    while (!site.due.isEmpty()) {
      site.write(site.due.remove());
    }
    return site.seen.size();
  }

  private void want(Path file) {
    if (seen.add(file)) {
      due.add(file);
    }
  }

  private void write(Path file) throws IOException {
    Path place = root.relativize(file);
    if (!file.toString().endsWith(".md")) {
      Path to = out.resolve(place.toString());
      Files.createDirectories(to.getParent());
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    Path to = out.resolve(MarkdownPage.place(place.toString()));
    Files.createDirectories(to.getParent());
    MarkdownPage.Rendered page = pages.render(place, Files.readString(file));
    Files.writeString(to, page.html(), StandardCharsets.UTF_8);
    for (String link : page.links()) {
      Path linked = file.resolveSibling(link).normalize();
      if (!linked.startsWith(root)) {
        throw new IOException(place + " links to " + link + ", which lies outside the repository");
      }
      if (Files.isRegularFile(linked)) {
        want(linked);
      }
    }
  }
}

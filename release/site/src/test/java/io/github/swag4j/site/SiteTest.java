package io.github.swag4j.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
  private static final Path CHECKOUT = Path.of("..", "..");

  @TempDir private Path folder;

  private static final String TWO_HEADINGS = "# Title & more\n\n## A part: `code`\n\n";

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve("checkout").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path written() throws IOException {
    for (String page : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/a/b.md")) {
      if (!Files.exists(folder.resolve("checkout").resolve(page))) {
        file(page, "# " + page + "\n");
      }
    }
    Site.write(folder.resolve("checkout"), folder.resolve("site"), "1.0");
    return folder.resolve("site");
  }

  @Test
  void everyLinkOfTheDocumentationLeadsSomewhere() throws IOException {
    Path site = folder.resolve("site");
    assertThat(Site.write(CHECKOUT, site, "1.0")).isGreaterThan(100);
    // The Javadoc is written by another step.
    Files.createDirectories(site.resolve("apidocs"));
    Files.writeString(site.resolve("apidocs/index.html"), "<p>API</p>");
    assertThat(Links.broken(site)).isEmpty();
  }

  @Test
  void linksToPagesBecomeLinksToTheirHtmlAndFilesAreCopied() throws IOException {
    file(
        "README.md",
        TWO_HEADINGS + "[b](docs/a/b.md#a-part-code) [data](data/x.csv) <https://djl.ai>\n");
    file(
        "docs/a/b.md",
        TWO_HEADINGS + "[home](../../README.md)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
    file("data/x.csv", "a,b\n");
    Path site = written();
    assertThat(Files.readString(site.resolve("index.html")))
        .contains("<title>Title &amp; more</title>")
        .contains("href=\"docs/a/b.html#a-part-code\"")
        .contains("href=\"https://djl.ai\"");
    assertThat(Files.readString(site.resolve("docs/a/b.html")))
        .contains("href=\"../../index.html\"")
        .contains("<h2 id=\"a-part-code\">")
        .contains("<td>1</td>");
    assertThat(site.resolve("data/x.csv")).hasContent("a,b\n");
  }

  @Test
  void brokenLinksAndPlacesAreNamed() throws IOException {
    file("README.md", TWO_HEADINGS + "[a](docs/none.md) [b](docs/a/b.md#nowhere) ![c](c.svg)\n");
    assertThat(Links.broken(written()))
        .contains(
            "index.html: docs/none.html: no such file",
            "index.html: docs/a/b.html#nowhere: no such place on the page",
            "index.html: c.svg: no such file");
  }

  @Test
  void linksOutOfTheRepositoryAreRefused() throws IOException {
    file("README.md", "[up](../elsewhere.md)\n");
    assertThatThrownBy(this::written)
        .isInstanceOf(IOException.class)
        .hasMessage("README.md links to ../elsewhere.md, which lies outside the repository");
  }
}

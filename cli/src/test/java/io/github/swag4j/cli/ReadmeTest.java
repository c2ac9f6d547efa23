package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java in the README compiles against what is in the repository. */
class ReadmeTest {
  private static final Path README = Path.of("").toAbsolutePath().resolveSibling("README.md");
  private static final Pattern SNIPPET =
      Pattern.compile("^```java\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  private static final String IMPORTS =
      """
      import ai.djl.*;
      import ai.djl.ndarray.types.*;
      import ai.djl.training.*;
      import ai.djl.training.dataset.*;
      import ai.djl.training.loss.*;
      import ai.djl.training.tracker.*;
      import io.github.swag4j.calibration.*;
      import io.github.swag4j.calibration.error.*;
      import io.github.swag4j.calibration.io.*;
      import io.github.swag4j.calibration.io.format.*;
      import io.github.swag4j.calibration.ood.*;
      import io.github.swag4j.swa.*;
      import io.github.swag4j.swa.djl.*;
      import io.github.swag4j.swa.djl.optim.*;
      import io.github.swag4j.swa.io.*;
      import io.github.swag4j.swa.schedule.*;
      import io.github.swag4j.swa.snapshot.*;
      import io.github.swag4j.swa.state.*;
      import io.github.swag4j.swa.weights.*;
      import io.github.swag4j.swag.*;
      import io.github.swag4j.swag.djl.*;
      import io.github.swag4j.swag.io.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  @TempDir private Path out;

  @Test
  void javaInTheReadmeCompiles() throws IOException {
    assertThat(compileAll(README)).isPositive();
  }

  @Test
  void recipesForContributorsCompile() throws IOException {
    assertThat(compileAll(README.resolveSibling("CONTRIBUTING.md"))).isEqualTo(3);
  }

  @Test
  void theGuideToAveragingCompiles() throws IOException {
    assertThat(compileAll(README.resolveSibling("docs/guide/averaging.md"))).isEqualTo(14);
  }

  private int compileAll(Path page) throws IOException {
    Matcher snippets = SNIPPET.matcher(Files.readString(page));
    int found = 0;
    while (snippets.find()) {
      compile(++found, snippets.group(1));
    }
    return found;
  }

  @Test
  void commandsOnFilesRunAsTheyStand() throws IOException {
    Matcher commands =
        Pattern.compile("(?m)^    \\./swag4j ((?:evaluate|calibrate|ood) .*)$")
            .matcher(Files.readString(README));
    int found = 0;
    while (commands.find()) {
      List<String> words = new ArrayList<>(List.of(commands.group(1).split(" +", -1)));
      for (int i = 1; i < words.size(); i++) {
        boolean output = List.of("-o", "--report").contains(words.get(i - 1));
        if (output) {
          words.set(i, out.resolve(words.get(i)).toString());
        } else if (words.get(i).startsWith("docs/")) {
          words.set(i, README.resolveSibling(words.get(i)).toString());
        }
      }
      Cli cli = Cli.run(words.toArray(new String[0]));
      assertThat(cli.code()).as(commands.group(1) + "\n" + cli.err()).isZero();
      found++;
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void everyFileThatAPageLinksToIsThere() throws IOException {
    List<Path> pages = new ArrayList<>();
    Path root = README.resolveSibling("docs");
    try (Stream<Path> files = Files.walk(root)) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    pages.add(README.resolveSibling("CONTRIBUTING.md"));
    pages.add(README.resolveSibling("CHANGELOG.md"));
    for (Path page : pages) {
      Matcher links = Pattern.compile("\\]\\(([^)#\\s]+)").matcher(Files.readString(page));
      while (links.find()) {
        if (!links.group(1).startsWith("http")) {
          assertThat(page.resolveSibling(links.group(1))).as("linked in %s", page).exists();
        }
      }
    }
    assertThat(pages).hasSizeGreaterThan(20);
  }

  @Test
  void everyFileTheReadmeLinksToIsThere() throws IOException {
    String text = Files.readString(README);
    assertThat(text).doesNotContain("QUICKSTART_OUTPUT");
    Matcher links = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(text);
    int found = 0;
    while (links.find()) {
      if (!links.group(1).startsWith("http")) {
        assertThat(README.resolveSibling(links.group(1))).exists();
        found++;
      }
    }
    assertThat(found).isGreaterThan(5);
  }

  /** A snippet is a whole file if it says import, else statements with these names in scope. */
  private void compile(int number, String snippet) {
    List<String> imports = snippet.lines().filter(l -> l.startsWith("import ")).toList();
    String body = String.join("\n", snippet.lines().filter(l -> !l.startsWith("import ")).toList());
    String source =
        IMPORTS
            + String.join("\n", imports)
            + "\nclass Snippet {\n"
            + "  static void run(Model model, DefaultTrainingConfig config, Shape input,\n"
            + "      Dataset train, Dataset validation, Dataset test) throws Exception {\n"
            + body
            + "\n  }\n}\n";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-d",
                    out.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-proc:none"),
                null,
                List.of(file))
            .call();
    assertThat(compiled).as("snippet %d:%n%s%n%s", number, messages, body).isTrue();
  }
}

package io.github.swag4j.adapters.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/examples/Clouds.java runs, and its header names what there is. JBang itself is not run. */
class JBangScriptTest {
  private static final Path ROOT = Path.of("..");
  private static final Path SCRIPT = ROOT.resolve("docs/examples/Clouds.java");

  @Test
  void theScriptRunsWithTheClassesOfItsHeader(@TempDir Path folder) throws Exception {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SCRIPT.toString());
    assertThat(status).isZero();
    Path picture = folder.resolve("picture.svg");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Clouds")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {picture.toString()});
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("ECE 0.").contains("400 rows");
    assertThat(Files.readString(picture)).contains("Three clouds");
  }

  @Test
  void theHeaderNamesModulesAndVersionsOfThisBuild() throws Exception {
    String parent = Files.readString(ROOT.resolve("pom.xml"));
    String script = Files.readString(SCRIPT);
    Matcher own = Pattern.compile("//DEPS io\\.github\\.swag4j:(\\S+):(\\S+)").matcher(script);
    int found = 0;
    while (own.find()) {
      assertThat(artifacts()).contains(own.group(1));
      assertThat(first("<version>([^<]+)</version>", parent)).isEqualTo(own.group(2));
      found++;
    }
    assertThat(found).isEqualTo(2);
    assertThat(script)
        .contains("pytorch-engine:" + first("<djl.version>([^<]+)<", parent))
        .contains("pytorch-native-cpu:" + first("<pytorch.version>([^<]+)<", parent));
  }

  /** Artifacts of the modules beside this one. */
  private static List<String> artifacts() throws Exception {
    try (Stream<Path> folders = Files.list(ROOT)) {
      List<Path> poms =
          folders.map(f -> f.resolve("pom.xml")).filter(Files::isRegularFile).toList();
      List<String> names = new ArrayList<>();
      for (Path pom : poms) {
        names.add(first("</parent>\\s*<artifactId>([^<]+)<", Files.readString(pom)));
      }
      return names;
    }
  }

  private static String first(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}

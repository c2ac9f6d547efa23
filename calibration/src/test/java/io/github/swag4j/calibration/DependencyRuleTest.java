package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.base.SplitMix;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rule of docs/decisions/dependencies.md, held for what this module brings its users. */
class DependencyRuleTest {
  private static final Path PAGE = Path.of("..", "docs", "decisions", "dependencies.md");

  /** All together, beside commons-math3, which was asked for. */
  private static final long MOST_BYTES = 2_000_000;

  /** Folders of a repository, or parts of names, of what only tests need. */
  private static final Pattern OF_TESTS =
      Pattern.compile(
          "junit|surefire|assertj|jqwik|byte-buddy|apiguardian|opentest4j|archunit|slf4j|jspecify");

  private static final Pattern ARTIFACT = Pattern.compile("(.+?)-\\d[^/]*\\.jar");

  private static Map<String, Path> jars() {
    Map<String, Path> jars = new TreeMap<>();
    String modules = System.getProperty("jdk.module.path", "");
    String all = System.getProperty("java.class.path") + File.pathSeparator + modules;
    for (String entry : all.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      Matcher name = ARTIFACT.matcher(String.valueOf(path.getFileName()));
      boolean own = name.matches() && name.group(1).startsWith("swag4j");
      if (name.matches() && !own && !OF_TESTS.matcher(path.getFileName().toString()).find()) {
        jars.put(name.group(1), path);
      }
    }
    return jars;
  }

  @Test
  void everyDependencyStandsOnThePageWithAPermissiveLicence() throws IOException {
    List<String> rows = Files.readAllLines(PAGE);
    assertThat(jars()).containsKeys("commons-math3", "gson", "fastdoubleparser");
    for (String artifact : jars().keySet()) {
      assertThat(rows)
          .as("row of %s on %s", artifact, PAGE)
          .anyMatch(
              row -> row.matches("\\| " + artifact + " \\| (Apache-2\\.0|MIT|BSD[^|]*) \\|.*"));
    }
  }

  @Test
  void allTogetherAreUnderTwoMegabytesBesideCommonsMath() throws IOException {
    long bytes = 0;
    for (Map.Entry<String, Path> jar : jars().entrySet()) {
      bytes += jar.getKey().equals("commons-math3") ? 0 : Files.size(jar.getValue());
    }
    assertThat(bytes).isBetween(1L, MOST_BYTES);
  }

  @Test
  void noDependencyBringsNativeCodeOrAnEngine() throws IOException {
    for (Path path : jars().values()) {
      assertThat(path.toString()).doesNotContain("ai/djl", "pytorch", "jna");
      try (JarFile jar = new JarFile(path.toFile())) {
        assertThat(jar.stream().map(entry -> entry.getName().toLowerCase(java.util.Locale.ROOT)))
            .as(path.toString())
            .noneMatch(name -> name.matches(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*"));
      }
    }
  }

  @Test
  void noClassUsesReflectionNativeCodeAnEngineOrGsonBeyondItsStreams() throws Exception {
    Pattern forbidden =
        Pattern.compile(
            "java/lang/reflect/|ai/djl/|com/sun/jna|sun/misc/Unsafe|loadLibrary|java/lang/foreign"
                + "|com/google/gson/(?!stream/|Strictness)[A-Za-z/]+");
    for (Class<?> ofModule : List.of(SplitMix.class, Predictions.class)) {
      int seen = 0;
      for (Map.Entry<String, byte[]> file : classFiles(ofModule).entrySet()) {
        // Names stand in a class file's constant pool as they are.
        String text = new String(file.getValue(), StandardCharsets.ISO_8859_1);
        Matcher found = forbidden.matcher(text);
        assertThat(found.find()).as(() -> file.getKey() + " names " + found.group()).isFalse();
        seen++;
      }
      assertThat(seen).isGreaterThan(4);
    }
  }

  @Test
  void noMethodIsNative() throws Exception {
    Predicate<Method> isNative = method -> Modifier.isNative(method.getModifiers());
    for (Class<?> ofModule : List.of(SplitMix.class, Predictions.class)) {
      for (String file : classFiles(ofModule).keySet()) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        Class<?> type = Class.forName(name, false, ofModule.getClassLoader());
        assertThat(type.getDeclaredMethods()).as(name).noneMatch(isNative);
      }
    }
  }

  /** The classes of a module, a folder in this build and a jar in others, by their path. */
  private static Map<String, byte[]> classFiles(Class<?> ofModule)
      throws IOException, URISyntaxException {
    Path place = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return classFiles(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return classFiles(jar.getPath("/"));
    }
  }

  private static Map<String, byte[]> classFiles(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      files.filter(file -> file.toString().endsWith(".class")).forEach(found::add);
    }
    Map<String, byte[]> out = new TreeMap<>();
    for (Path file : found) {
      String name = root.relativize(file).toString().replace(File.separatorChar, '/');
      if (!name.endsWith("-info.class")) {
        out.put(name, Files.readAllBytes(file));
      }
    }
    return out;
  }
}

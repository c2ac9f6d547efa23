package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the guide to SWAG compiles and runs as it stands there. */
class SwagGuideTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path GUIDE = ROOT.resolve("docs/guide/swag.md");

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\\R(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE));
    assertThat(block.find()).isTrue();
    String text = block.group(1);
    assertThat(block.find()).as("one block of " + language).isFalse();
    return text;
  }

  @Test
  void theProgramRunsAndPrintsWhatThePageSays(@TempDir Path dir) throws Exception {
    Path source = Files.writeString(dir.resolve("Averages.java"), block("java"));
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
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=1",
            "-cp",
            dir + File.pathSeparator + path,
            "Averages");
    process.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    process.directory(dir.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    assertThat(process.start().waitFor()).as(Files.readString(err)).isZero();
    // Digits of float32 training may differ between processors; what is said may not.
    assertThat(withoutDecimals(Files.readString(out))).isEqualTo(withoutDecimals(block("text")));
    assertThat(PredictionFiles.read(dir.resolve("swag.npz")).rows()).isEqualTo(400);
  }

  private static String withoutDecimals(String text) {
    return text.replaceAll("\\R", "\n").replaceAll("\\d\\.\\d{4}", "#");
  }

  @Test
  void theDependenciesShownAreThoseTheProgramIsBuiltWith() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    String djl = property(pom, "djl.version");
    String pytorch = property(pom, "pytorch.version");
    Matcher version =
        Pattern.compile("<artifactId>swag4j</artifactId>\\s*<version>(.+?)</version>").matcher(pom);
    assertThat(version.find()).isTrue();
    assertThat(block("xml"))
        .contains(dependency("io.github.swag4j", "swag4j-swag", version.group(1)))
        .contains(dependency("ai.djl.pytorch", "pytorch-engine", djl))
        .contains(dependency("ai.djl.pytorch", "pytorch-jni", pytorch + "-" + djl))
        .contains(dependency("ai.djl.pytorch", "pytorch-native-cpu", pytorch));
    Matcher classifier =
        Pattern.compile("<pytorch.native.classifier>(\\w+-\\w+)</pytorch").matcher(pom);
    String page = Files.readString(GUIDE);
    int found = 0;
    while (classifier.find()) {
      if (!classifier.group(1).equals("unsupported-platform")) {
        assertThat(page).contains(classifier.group(1));
        found++;
      }
    }
    assertThat(found).isGreaterThan(2);
  }

  private static String property(String pom, String name) {
    Matcher value = Pattern.compile("<" + name + ">(.+?)</").matcher(pom);
    assertThat(value.find()).isTrue();
    return value.group(1);
  }

  private static String dependency(String group, String artifact, String version) {
    return "  <groupId>"
        + group
        + "</groupId>\n  <artifactId>"
        + artifact
        + "</artifactId>\n  <version>"
        + version
        + "</version>\n";
  }
}

package io.github.swag4j.calibration.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the guide's Java blocks, and holds its text blocks against what they print. */
class CalibrationGuideTest {

  private static final Path GUIDE = Path.of("..", "docs", "guide", "calibration.md");

  private static final Pattern BLOCK = Pattern.compile("```(java|text)\n(.*?)```", Pattern.DOTALL);

  private static final List<String> PACKAGES =
      List.of("", ".comparison", ".conformal", ".io", ".ood", ".recalibration");

  /** A Java block and the text block after it, empty if there is none. */
  private record Step(String code, String printed) {}

  @Test
  void everyBlockCompilesAndPrintsWhatThePageSays(@TempDir Path dir) throws Exception {
    writeFiles(dir);
    List<Step> steps = steps(Files.readString(GUIDE));
    String[] printed = run(steps, dir);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(printed[i]).as(steps.get(i).code()).isEqualTo(steps.get(i).printed());
    }
    assertThat(steps).hasSizeGreaterThan(8);
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

  private static String[] run(List<Step> steps, Path dir) throws Exception {
    String imports =
        PACKAGES.stream()
            .map(p -> "import io.github.swag4j.calibration" + p + ".*;\n")
            .collect(Collectors.joining());
    String code =
        imports
            + "import java.util.*;\n"
            + "public class Guide {\n  public static void run() throws Exception {\n"
            + steps.stream()
                .map(step -> step.code() + "System.out.print(\"\\f\");\n")
                .collect(Collectors.joining())
            + "  }\n}\n";
    // Files of the page lie in the test's own directory.
    code = code.replace("Path.of(\"", "java.nio.file.Path.of(\"" + escaped(dir) + "/");
    Path source = Files.writeString(dir.resolve("Guide.java"), code);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> arguments =
          List.of("-d", dir.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(problems, files, null, arguments, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(problems.toString()).isTrue();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream console = System.out;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()});
        PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      loader.loadClass("Guide").getMethod("run").invoke(null);
    } finally {
      System.setOut(console);
    }
    return bytes
        .toString(StandardCharsets.UTF_8)
        .replace(System.lineSeparator(), "\n")
        .split("\f", -1);
  }

  private static String escaped(Path dir) {
    return dir.toString().replace("\\", "\\\\");
  }

  /** The shared fixture as files: the first half for validation, the second for tests. */
  private static void writeFiles(Path dir) throws IOException {
    double[][] rows = table("logits_id.csv");
    double[][] logits = Arrays.stream(rows).map(r -> Arrays.copyOf(r, 4)).toArray(double[][]::new);
    int[] labels = Arrays.stream(rows).mapToInt(r -> (int) r[4]).toArray();
    Predictions all = Predictions.ofLogits(logits, labels);
    write(dir.resolve("validation.csv"), all, IntStream.range(0, 250).toArray(), false);
    write(dir.resolve("test.csv"), all, IntStream.range(250, 500).toArray(), false);
    write(dir.resolve("test-logits.csv"), all, IntStream.range(250, 500).toArray(), true);
    double[][] out = table("logits_ood.csv");
    double[][] outLogits =
        Arrays.stream(out).map(r -> Arrays.copyOf(r, 4)).toArray(double[][]::new);
    Predictions ood = Predictions.ofLogits(outLogits, new int[out.length]);
    write(dir.resolve("ood.csv"), ood, IntStream.range(0, out.length).toArray(), false);
  }

  private static void write(Path file, Predictions p, int[] rows, boolean logits)
      throws IOException {
    String lines =
        Arrays.stream(rows)
            .mapToObj(
                row ->
                    IntStream.range(0, 4)
                            .mapToObj(
                                k ->
                                    Double.toString(
                                        logits ? p.logit(row, k) : p.probability(row, k)))
                            .collect(Collectors.joining(","))
                        + ","
                        + p.label(row))
            .collect(Collectors.joining("\n"));
    Files.writeString(file, "cat,dog,fox,owl,label\n" + lines + "\n");
  }

  private static double[][] table(String name) throws IOException {
    try (InputStream in = Predictions.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.matches("[-0-9].*"))
          .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    }
  }
}

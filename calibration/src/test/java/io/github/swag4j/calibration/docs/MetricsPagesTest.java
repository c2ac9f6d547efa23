package io.github.swag4j.calibration.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.conformal.ConformalScore;
import io.github.swag4j.calibration.conformal.PredictionSets;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.recalibration.Fixture;
import io.github.swag4j.calibration.recalibration.Recalibrator;
import io.github.swag4j.calibration.recalibration.Recalibrators;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages docs/metrics*.md name every metric of the code, and what they show is code. */
class MetricsPagesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path THIS =
      Path.of("src/test/java/io/github/swag4j/calibration/docs/MetricsPagesTest.java");

  /** Numbers that results are made of or were asked for with, and coordinates: no metrics. */
  private static final Set<String> NO_METRICS =
      Set.of(
          "squaredWeight",
          "confidenceSum",
          "hitSum",
          "squaredConfidenceSum",
          "confidentHitSum",
          "squaredGapWithoutBias",
          "meanProbability",
          "eventRate",
          "targetRisk",
          "firstValue",
          "secondValue",
          "firstAuroc",
          "secondAuroc",
          "intercepts");

  /** Types that say how a metric is computed, or hold one computed elsewhere. */
  private static final Set<String> NO_METRIC_TYPES =
      Set.of(
          "BinTotals",
          "Binning",
          "FixedBins",
          "FitOrigin",
          "PredictionScores",
          "RowScore",
          "Interval",
          "GroupResult",
          "DetectionSummary",
          "IntervalMethod",
          "TestResult",
          "FittedDetector",
          "BinningScheme",
          "CommonRows",
          "ScoreInput",
          "RegressionPredictions");

  private static String pages() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(DOCS)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("metrics")).sorted().toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  /** Public classes outside io, fit and internal, exceptions left out. */
  private static List<Class<?>> publicClasses()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path root =
        Path.of(Predictions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name = root.relativize(file).toString().replaceAll("\\.class$", "");
        if (name.matches(".*[/\\\\](io|internal|fit)[/\\\\].*|.*-info|.*\\$.*")) {
          continue;
        }
        Class<?> type = Class.forName(name.replaceAll("[/\\\\]", "."));
        if (Modifier.isPublic(type.getModifiers()) && !Throwable.class.isAssignableFrom(type)) {
          found.add(type);
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(60).contains(CalibrationError.class, OodScore.class);
    return found;
  }

  @Test
  void everyPublicTypeIsOnAPage() throws Exception {
    String pages = pages();
    List<String> missing =
        publicClasses().stream()
            .map(Class::getSimpleName)
            .filter(name -> !NO_METRIC_TYPES.contains(name))
            .filter(name -> !Pattern.compile("\\b" + name + "\\b").matcher(pages).find())
            .toList();
    assertThat(missing).isEmpty();
  }

  /** By the name of its method, or by the words of it. */
  @Test
  void everyNumberOfAResultIsOnAPage() throws Exception {
    String pages = pages();
    String words = pages.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ");
    List<String> missing = new ArrayList<>();
    int checked = 0;
    for (Class<?> type : publicClasses()) {
      for (Method method : type.getDeclaredMethods()) {
        boolean number =
            method.getReturnType() == double.class || method.getReturnType() == double[].class;
        if (number
            && Modifier.isPublic(method.getModifiers())
            && method.getParameterCount() == 0
            && !NO_METRICS.contains(method.getName())) {
          checked++;
          String spelt =
              method.getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT).strip();
          if (!pages.contains(method.getName()) && !words.contains(spelt)) {
            missing.add(type.getSimpleName() + "." + method.getName());
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).isGreaterThan(100);
  }

  @Test
  void everyNameThatCanBeAskedForIsOnAPage() throws IOException {
    String pages = pages();
    BinningConvention.all().forEach(c -> assertThat(pages).contains("| `" + c.name() + "`"));
    Recalibrators.methods().forEach(name -> assertThat(pages).contains("| `" + name + "` |"));
    OodScore.all().forEach(score -> assertThat(pages).contains("| `" + score.name() + "`"));
    for (ConformalScore.Kind kind : ConformalScore.Kind.values()) {
      String name = kind == ConformalScore.Kind.TOP_K ? "top-k" : kind.name();
      assertThat(pages).contains("| " + name + " ");
    }
  }

  @Test
  void snippetsOfTheRecalibrationPageAreThisTest(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("map.json");
    Predictions validation = Fixture.fit();
    Predictions test = Fixture.held();
    Predictions calibration = validation;

    Recalibrator recalibrator = TemperatureScaling.fit(validation);
    Files.writeString(path, recalibrator.toJson());
    Predictions better = Recalibrators.fromJson(Files.readString(path)).apply(test);

    ConformalClassifier classifier =
        ConformalClassifier.fit(calibration, Options.of(0.1, ConformalScore.aps().randomised(1)));
    PredictionSets sets = classifier.predict(test);

    assertThat(Fixture.nll(better)).isLessThan(Fixture.nll(test));
    assertThat(sets.coverage()).isBetween(0.8, 1.0);
    assertThat(sets.meanSize()).isBetween(1.0, 4.0);
    assertThat(sets.set(0)).isNotEmpty();
    String page = Files.readString(DOCS.resolve("metrics-recalibration.md"));
    Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    String code = squeezed(Files.readString(THIS));
    int found = 0;
    while (blocks.find()) {
      assertThat(code).contains(squeezed(blocks.group(1).replaceAll("//.*", "")));
      found++;
    }
    assertThat(found).isEqualTo(2);
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}

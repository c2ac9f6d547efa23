package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New data is brought to what a run's model takes by its names, or refused. */
class InputFitTest {
  private final StringWriter notes = new StringWriter();

  private InputFit fit(ImageData trained) {
    return new InputFit(
        RunDescription.Input.of(trained, Normalisation.same(0, 1, 1)), new PrintWriter(notes));
  }

  private static ImageData images(List<String> classes, int... labels) {
    return ImageData.ofLevels(
        "new", new byte[4 * labels.length], labels, ImageSize.grey(2, 2), classes);
  }

  private static ImageData floats(ImageSize size, float... values) {
    return ImageData.ofFloats("new", values, null, size, List.of());
  }

  private static ImageData features(List<String> names, float... values) {
    return floats(ImageSize.features(names.size()), values).withFeatureNames(names);
  }

  private static float[] row(ImageData images, int row) {
    float[] values = new float[images.imageSize().values()];
    images.copyScaled(row, values, 0);
    return values;
  }

  @Test
  void labelsAreThoseOfTheNamesOfTheirClasses() throws IOException {
    InputFit run = fit(images(List.of("bird", "cat", "dog"), 0));
    ImageData some = run.of(images(List.of("cat", "dog"), 0, 1, 1));
    assertThat(some.labels()).containsExactly(1, 2, 2);
    assertThat(some.classNames()).containsExactly("bird", "cat", "dog");
    assertThat(run.of(images(List.of("dog", "bird", "eel"), 1, 0)).labels()).containsExactly(0, 2);
    assertThat(notes.toString()).isEmpty();
    assertThatThrownBy(() -> run.of(images(List.of("cat", "eel"), 0, 1)))
        .hasMessageContaining("must have classes of the run, [bird, cat, dog], got eel");
  }

  /** Folders 0, 1 and 3 were counted as the classes 0, 1 and 2. */
  @Test
  void someDigitsAreTheirOwnNames() throws IOException {
    List<String> digits = List.of("0", "1", "2", "3");
    ImageData some = fit(images(digits, 0)).of(images(List.of("0", "1", "3"), 0, 1, 2));
    assertThat(some.labels()).containsExactly(0, 1, 3);
    assertThat(notes.toString()).isEmpty();
  }

  @Test
  void indicesBesideNamesAreSaidToBeTakenSo() throws IOException {
    InputFit named = fit(images(List.of("bird", "cat", "dog"), 0));
    assertThat(named.of(images(List.of("0", "2"), 0, 1)).labels()).containsExactly(0, 2);
    assertThat(notes.toString())
        .contains("new: labels are taken for indices of the run's classes, [bird, cat, dog]");
    assertThatThrownBy(() -> named.of(images(List.of("0", "3"), 0, 1)))
        .hasMessageContaining("got 0, 3");
  }

  /** Folders come in the order of the alphabet, indices in that of whoever gave them. */
  @Test
  void namesAreNoIndices() throws IOException {
    InputFit counted = fit(images(List.of("0", "1"), 0));
    assertThatThrownBy(() -> counted.of(images(List.of("ant", "bee"), 1, 0)))
        .hasMessageContaining(
            "must have classes of the run, [0, 1], got bee, ant: name classes as");
    assertThat(counted.unlike(images(List.of("ant", "bee"), 1, 0)).size()).isEqualTo(2);
  }

  @Test
  void featuresAreTakenByTheirNames() throws IOException {
    InputFit run = fit(features(List.of("age", "size"), 1, 2));
    ImageData turned = run.of(features(List.of("id", "size", "age"), 7, 20, 10, 8, 40, 30));
    assertThat(row(turned, 0)).containsExactly(10, 20);
    assertThat(row(turned, 1)).containsExactly(30, 40);
    assertThat(turned.featureNames()).containsExactly("age", "size");
    assertThat(notes.toString()).contains("the training data have no features id, left out");
    assertThatThrownBy(() -> run.of(features(List.of("age", "sise"), 1, 2)))
        .hasMessageContaining("it has no size, but sise");
    ImageData unnamed = run.of(floats(ImageSize.features(2), 1, 2));
    assertThat(unnamed.featureNames()).containsExactly("age", "size");
    assertThat(notes.toString())
        .contains("features have no names and are taken in the order [age, size]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "levels; 0 1; ''",
        "levels; 0 1.1; ''",
        "levels; 0 1.5; must have floats from 0 to 1, as what was trained on is levels divided by",
        "0 1; levels; ''",
        "0 1; -0.1 1.2; ''",
        "-0.1 1.1; levels; ''",
        "0 1; -3 4; ''",
        "0 1; 0 255; must have floats from 0 to 1, as what was trained on is floats from 0 to 1",
        "0 255; levels; must be floats of the scale that was trained on, got levels from 0 to 255",
        "0 255; 0 0.5; ''"
      })
  void levelsAndFloatsAreHeldAgainstWhatTheRunWasTrainedOn(String run, String now, String said)
      throws IOException {
    InputFit fit = fit(scaled(run));
    if (said.isEmpty()) {
      assertThat(fit.of(scaled(now)).size()).isEqualTo(1);
    } else {
      assertThatThrownBy(() -> fit.of(scaled(now)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(said);
    }
  }

  private static ImageData scaled(String values) {
    ImageSize size = ImageSize.grey(1, 2);
    if (values.equals("levels")) {
      return ImageData.ofLevels("new", new byte[2], null, size, List.of());
    }
    String[] two = values.split(" ", -1);
    return floats(size, Float.parseFloat(two[0]), Float.parseFloat(two[1]));
  }

  /** Runs of before say neither scale nor features: what is assumed is said, and they go on. */
  @Test
  void whatARunDoesNotSayIsAssumedAloud() throws IOException {
    Normalisation none = Normalisation.same(0, 1, 1);
    List<String> classes = List.of("a", "b");
    RunDescription.Input old = new RunDescription.Input(1, 2, classes, none, 0, null, null);
    assertThat(new InputFit(old, new PrintWriter(notes)).of(scaled("0 255")).size()).isEqualTo(1);
    assertThat(notes.toString()).contains("does not say whether", "these are floats");
    RunDescription.Input now =
        new RunDescription.Input(1, 2, classes, none, 0, ValueScale.UNIT, List.of("x"));
    assertThat(old.isOf(now)).isTrue();
    assertThat(now.isOf(new RunDescription.Input(1, 2, classes, none, 0, ValueScale.LEVELS, null)))
        .isFalse();
    RunDescription.Input unnamed =
        new RunDescription.Input(1, 1, classes, Normalisation.same(0, 1, 2), 2, null, null);
    new InputFit(unnamed, new PrintWriter(notes)).of(features(List.of("age", "size"), 1, 2));
    assertThat(notes.toString()).contains("columns are taken in the order [age, size]");
  }
}

package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A map corrects each class by its own numbers, so it must meet the classes it was fitted on. */
class ClassNamesOfFitTest {
  private static final List<String> NAMES = List.of("north", "east, \"e\"", "south", "é");

  static Iterable<String> methods() {
    return Recalibrators.methods();
  }

  private static Predictions named(Predictions from, List<String> names) {
    double[][] p = new double[from.rows()][];
    int[] labels = new int[from.rows()];
    for (int r = 0; r < p.length; r++) {
      p[r] = from.probabilities(r);
      labels[r] = from.label(r);
    }
    PredictionsBuilder builder = Predictions.builder().probabilities(p).labels(labels);
    return names == null ? builder.build() : builder.classNames(names).build();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void classesOfOtherNamesOrInAnotherOrderAreRefusedAlsoAfterReading(String method) {
    Recalibrator fitted = Recalibrators.fit(method, named(Fixture.fit(), NAMES));
    Recalibrator read = Recalibrators.fromJson(fitted.toJson());
    assertThat(read.toJson()).isEqualTo(fitted.toJson());
    assertThat(read.classNames()).contains(NAMES);
    Predictions same = named(Fixture.held(), NAMES);
    assertThat(read.apply(same).probabilities(3)).isEqualTo(fitted.apply(same).probabilities(3));
    for (List<String> other :
        List.of(
            List.of("east, \"e\"", "north", "south", "é"),
            List.of("north", "east", "south", "é"))) {
      assertThatThrownBy(() -> read.apply(named(Fixture.held(), other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("was fitted on the classes " + NAMES)
          .hasMessageContaining("got predictions of " + other);
      assertThatThrownBy(() -> fitted.applyInSample(named(Fixture.held(), other)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whereOneSideKnowsNoNamesThereIsNothingToCompare(String method) {
    Recalibrator unnamed = Recalibrators.fit(method, named(Fixture.fit(), null));
    assertThat(unnamed.classNames()).isEmpty();
    assertThat(unnamed.toJson()).doesNotContain("class_names");
    Recalibrator old = Recalibrators.fromJson(unnamed.toJson());
    assertThat(old.apply(named(Fixture.held(), NAMES)).classNames()).isEqualTo(NAMES);
    Recalibrator named = Recalibrators.fit(method, named(Fixture.fit(), NAMES));
    assertThat(named.apply(named(Fixture.held(), null)).hasClassNames()).isFalse();
  }

  @Test
  void namesThatCannotBeThoseOfTheClassesAreRefused() {
    String json = TemperatureScaling.of(2, 4).toJson();
    for (List<String> names :
        List.of(
            List.of("a", "b", "c"), List.of("a", "b", "c", "c"), Collections.<String>emptyList())) {
      String wrong =
          json.replace(
              "\"parameters\"",
              "\"class_names\":"
                  + names.stream().map(n -> '"' + n + '"').toList()
                  + ",\"parameters\"");
      assertThatThrownBy(() -> Recalibrators.fromJson(wrong))
          .hasMessageContaining("JSON class_names must be 4 different names, got " + names);
    }
    assertThatThrownBy(() -> Recalibrators.fromJson(json.replace("{\"f", "{\"class_names\":7,\"f")))
        .hasMessageContaining("JSON class_names must be an array of strings");
  }
}

package io.github.swag4j.reports.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineStyleTest {

  @Test
  void aMethodHasTheSameColourWhateverStandsBesideItAndHoweverItIsSpelt() {
    for (List<String> names :
        List.of(
            List.of("SWAG"),
            List.of("sgd", "swag"),
            List.of("swag, temperature 1.4"),
            List.of("other", "SWAG-30", "x"))) {
      Map<String, LineStyle> styles = LineStyle.of(names);
      names.stream()
          .filter(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("swag"))
          .forEach(name -> assertThat(styles.get(name).ink()).as(name).isEqualTo(Ink.BLUE));
    }
    assertThat(LineStyle.of(List.of("swa")).get("swa").ink()).isEqualTo(Ink.ORANGE);
    assertThat(LineStyle.of(List.of("swag-diag")).get("swag-diag").ink()).isEqualTo(Ink.SKY);
    assertThat(LineStyle.of(List.of("multi-swag")).get("multi-swag").ink()).isEqualTo(Ink.PURPLE);
  }

  @Test
  void linesOfOneColourDifferInTheirDashes() {
    Map<String, LineStyle> styles = LineStyle.of(List.of("swag", "swag T", "swag 2"));
    Set<List<Float>> dashes = new HashSet<>();
    styles.values().forEach(style -> dashes.add(floats(style.dash())));
    assertThat(dashes).hasSize(3);
  }

  @Test
  void eightUnknownNamesHaveEightColours() {
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    Set<Ink> inks = new HashSet<>();
    LineStyle.of(names).values().forEach(style -> inks.add(style.ink()));
    assertThat(inks).hasSize(8);
  }

  private static List<Float> floats(float[] values) {
    List<Float> list = new java.util.ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}

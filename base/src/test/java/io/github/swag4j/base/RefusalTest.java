package io.github.swag4j.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RefusalTest {
  private enum Way implements Remedy {
    WALK,
    RIDE;

    @Override
    public String words() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Refusal refusal = Refusal.of("too far: ", Way.WALK, " or ", Way.RIDE);

  @Test
  void everyFaceHasItsWordsForTheSameRemedies() {
    assertThat(refusal.text()).isEqualTo("too far: walk or ride").hasToString(refusal.toString());
    assertThat(refusal.text(way -> "--" + way)).isEqualTo("too far: --WALK or --RIDE");
    assertThat(refusal.remedies()).containsExactly(Way.WALK, Way.RIDE);
  }

  @Test
  void whatIsSaidAroundItLeavesTheRemediesAsValues() {
    Refusal longer =
        refusal.after("walk: ").map(text -> text.replace("walk", "town")).and(Refusal.of("!"));
    assertThat(longer.text()).isEqualTo("town: too far: walk or ride!");
    assertThat(longer.remedies()).isEqualTo(refusal.remedies());
  }

  @Test
  void anExceptionWithoutRemediesIsItsMessage() {
    assertThat(Refusal.of(new IllegalStateException("no")).text()).isEqualTo("no");
    assertThat(Refusal.of(new Exception("no")).remedies()).isEmpty();
    assertThat(Refusal.of().isEmpty()).isTrue();
    assertThat(refusal.isEmpty()).isFalse();
  }

  @Test
  void aPartThatIsNeitherTextNorRemedyIsRefused() {
    assertThatThrownBy(() -> Refusal.of("a", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parts must be strings or remedies, got 3");
  }
}

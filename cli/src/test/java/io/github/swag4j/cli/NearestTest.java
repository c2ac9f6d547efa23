package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> OPTIONS =
      List.of("--labels", "--labels-are", "--bins", "--convention", "--renormalise");

  @Test
  void aBeginningNamesAllThatBeginSo() {
    assertThat(Nearest.of("--lab", OPTIONS)).containsExactly("--labels", "--labels-are");
    assertThat(Nearest.hint("--lab", OPTIONS))
        .isEqualTo(": did you mean --labels or --labels-are?");
  }

  @Test
  void aSlipIsForgivenWhicheverItIs() {
    for (String slip : List.of("--lables", "--labls", "--labelss", "--lapels", "--LABLES")) {
      assertThat(Nearest.of(slip, OPTIONS)).as(slip).containsExactly("--labels");
    }
    assertThat(Nearest.of("--renormalize", OPTIONS)).containsExactly("--renormalise");
  }

  @Test
  void whatIsFarFromAllNamesNone() {
    assertThat(Nearest.of("--nonsense", OPTIONS)).isEmpty();
    assertThat(Nearest.hint("--nonsense", OPTIONS)).isEmpty();
    assertThat(Nearest.of("--", OPTIONS)).isEmpty();
  }
}

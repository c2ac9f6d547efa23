package io.github.swag4j.reports.drawing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FontCheckTest {

  /** What Java 17 says in a container without fontconfig. */
  @Test
  void whereThereAreNoFontsTheErrorNamesThePackages() {
    assertThatThrownBy(
            () ->
                FontCheck.require(
                    () -> {
                      throw new InternalError("Fontconfig head is null, check your fonts");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Fontconfig head is null")
        .hasMessageContaining("install fontconfig and fonts-dejavu-core")
        .hasMessageContaining("or write SVG");
    assertThatThrownBy(
            () ->
                FontCheck.require(
                    () -> {
                      throw new UnsatisfiedLinkError("libfreetype.so.6");
                    }))
        .hasMessageContaining("libfreetype.so.6")
        .hasMessageContaining("fonts-dejavu-core");
    assertThatThrownBy(() -> FontCheck.require(() -> 0.0)).hasMessageContaining("no width");
  }

  @Test
  void whereThereAreFontsNothingIsSaid() {
    assertThatCode(FontCheck::require).doesNotThrowAnyException();
  }
}

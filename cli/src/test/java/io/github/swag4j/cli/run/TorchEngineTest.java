package io.github.swag4j.cli.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TorchEngineTest {

  @Test
  void anEngineThatCannotBeLoadedSaysWhereItRuns() {
    assertThatThrownBy(
            () ->
                TorchEngine.loaded(
                    () -> {
                      throw new UnsatisfiedLinkError("libtorch.so: wrong ELF class");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wrong ELF class")
        .hasMessageContaining("Linux x86_64 and aarch64 (glibc)");
  }
}

package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongProcessorsTest {

  private static List<String> cpuinfo(String vendor, String family) {
    return List.of(
        "processor\t: 0",
        "vendor_id\t: " + vendor,
        "cpu family\t: " + family,
        "model\t\t: 2",
        "model name\t: A Processor",
        "",
        "processor\t: 1",
        "vendor_id\t: " + vendor,
        "cpu family\t: " + family);
  }

  @Test
  void aProcessorWhoseConvolutionsWereFoundWrongIsKnownWithoutTryingThem() {
    assertThat(WrongProcessors.of(cpuinfo("AuthenticAMD", "26")))
        .hasValue("A Processor, family 26");
  }

  @ParameterizedTest
  @CsvSource({"AuthenticAMD, 25", "GenuineIntel, 26", "GenuineIntel, 6"})
  void nothingIsSaidOfOthers(String vendor, String family) {
    assertThat(WrongProcessors.of(cpuinfo(vendor, family))).isEmpty();
  }

  @Test
  void aMachineThatDoesNotSayIsOneOfTheOthers() {
    assertThat(WrongProcessors.of(List.of())).isEmpty();
    assertThat(WrongProcessors.of(List.of("Processor", "CPU implementer\t: 0x41"))).isEmpty();
  }

  /** Then oneDNN runs code that was right, and is left on if it compares equal. */
  @Test
  void whoLimitsOneDnnToTheRightCodeIsNotOverruled() {
    assertThat(WrongProcessors.oneDnnIsLimited("SSE41")).isTrue();
    assertThat(WrongProcessors.oneDnnIsLimited("sse41")).isTrue();
    assertThat(WrongProcessors.oneDnnIsLimited("AVX2")).isFalse();
    assertThat(WrongProcessors.oneDnnIsLimited(null)).isFalse();
  }
}

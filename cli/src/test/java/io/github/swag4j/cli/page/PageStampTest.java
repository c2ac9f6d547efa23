package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.run.Versions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageStampTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

  @Test
  void theClockIsUsedWhereTheEnvironmentNamesNoTime() {
    assertThat(PageStamp.of(Map.of(), CLOCK).date()).isEqualTo("2026-03-04 05:06 UTC");
    assertThat(PageStamp.of(Map.of("SOURCE_DATE_EPOCH", ""), CLOCK).time())
        .isEqualTo(CLOCK.instant());
  }

  @Test
  void theEnvironmentsTimeComesFirst() {
    PageStamp stamp = PageStamp.of(Map.of("SOURCE_DATE_EPOCH", "1700000000"), CLOCK);
    assertThat(stamp.date()).isEqualTo("2023-11-14 22:13 UTC");
    assertThat(stamp.footer())
        .isEqualTo("Made by swag4j " + Versions.program() + " on 2023-11-14 22:13 UTC");
    assertThat(stamp.settings())
        .containsEntry("page made", "2023-11-14 22:13 UTC")
        .containsEntry("swag4j", Versions.program());
  }

  @Test
  void whatIsNoTimeIsRefused() {
    for (String wrong : new String[] {"yesterday", "-1", "1.5", "253402300800", "9999999999999"}) {
      assertThatThrownBy(() -> PageStamp.of(Map.of("SOURCE_DATE_EPOCH", wrong), CLOCK))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("must be whole seconds since 1970, got '" + wrong + "'");
    }
    assertThat(PageStamp.of(Map.of("SOURCE_DATE_EPOCH", "253402300799"), CLOCK).date())
        .isEqualTo("9999-12-31 23:59 UTC");
  }
}

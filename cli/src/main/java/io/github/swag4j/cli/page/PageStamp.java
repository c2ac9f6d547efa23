package io.github.swag4j.cli.page;

import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.run.Versions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * When a page was made, and by which version of the program.
 *
 * <p>The time is that of {@code SOURCE_DATE_EPOCH} if the environment has it, so that pages can be
 * made again to the byte; else that of the clock.
 *
 * @param time when
 * @see <a href="https://reproducible-builds.org/specs/source-date-epoch/">SOURCE_DATE_EPOCH</a>
 */
public record PageStamp(Instant time) {
  private static final String VARIABLE = "SOURCE_DATE_EPOCH";

  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The last second of the year 9999. */
  private static final long LAST_SECOND = 253_402_300_799L;

  public static PageStamp now() {
    return of(System.getenv(), Clock.systemUTC());
  }

  static PageStamp of(Map<String, String> environment, Clock clock) {
    String seconds = environment.getOrDefault(VARIABLE, "");
    if (seconds.isEmpty()) {
      return new PageStamp(clock.instant());
    }
    if (!seconds.matches("\\d{1,12}") || Long.parseLong(seconds) > LAST_SECOND) {
      throw new UsageException(
          VARIABLE
              + " must be whole seconds since 1970, got '"
              + seconds
              + "': mend it or unset it");
    }
    return new PageStamp(Instant.ofEpochSecond(Long.parseLong(seconds)));
  }

  /** The time to the minute, such as "2026-01-31 09:05 UTC". */
  String date() {
    return MINUTES.format(time);
  }

  /** Time and versions for the end of a page. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("page made", date());
    settings.put("swag4j", Versions.program());
    settings.put("java", Versions.java());
    return settings;
  }

  /** The last line of a page. */
  public String footer() {
    return "Made by swag4j " + Versions.program() + " on " + date();
  }
}

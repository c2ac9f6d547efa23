package io.github.swag4j.cli.study;

import io.github.swag4j.base.Sha256;
import io.github.swag4j.cli.run.EffectiveConfig;
import io.github.swag4j.cli.run.RunConfig;
import java.util.List;
import java.util.Map;

/**
 * One training of a study.
 *
 * @param name its directory below the study's, with slashes
 * @param group what its results are put together with; empty for all
 * @param words its options for {@code train}, but for where it is written
 * @param config what they come to
 * @param temperature whether temperature scaling stands beside its methods
 * @param shifts corruptions that its methods are judged under afterwards; they make it no other
 */
public record Job(
    String name,
    String group,
    List<String> words,
    RunConfig config,
    boolean temperature,
    List<String> shifts) {

  /** Every option that decides what comes out of it. */
  Map<String, String> settings() {
    return EffectiveConfig.of(config).temperature(temperature).words();
  }

  /** A hash of these, by which a job is known again. */
  String fingerprint() {
    return Sha256.of(settings().toString());
  }
}

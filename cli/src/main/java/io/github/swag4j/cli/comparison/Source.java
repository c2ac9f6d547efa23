package io.github.swag4j.cli.comparison;

import java.util.Map;

/**
 * Where contenders are from, for whoever wants them again.
 *
 * @param name the run's or file's path as it was given
 * @param seed of the run; empty for a file
 * @param settings the run's options; empty for a file
 * @param versions what it was made with; empty for a file
 * @param data rows and hashes, by the part they played
 * @param command what makes it again; for a file what looks at it
 */
record Source(
    String name,
    String seed,
    Map<String, String> settings,
    Map<String, String> versions,
    Map<String, String> data,
    String command) {}

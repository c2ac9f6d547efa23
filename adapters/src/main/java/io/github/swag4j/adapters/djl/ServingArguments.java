package io.github.swag4j.adapters.djl;

import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What serving.properties or the arguments of a Criteria say. */
final class ServingArguments {
  private static final int SAMPLES = 30;

  private final Path folder;
  private final Map<String, ?> arguments;

  ServingArguments(Path folder, Map<String, ?> arguments) {
    this.folder = folder;
    this.arguments = arguments;
  }

  private Optional<String> text(String key) {
    Object value = arguments.get(key);
    // DJL Serving's own files write option.NAME for the same.
    Object found = value == null ? arguments.get("option." + key) : value;
    return Optional.ofNullable(found).map(v -> v.toString().strip()).filter(v -> !v.isEmpty());
  }

  private Optional<Long> number(String key) {
    Optional<String> text = text(key);
    try {
      return text.map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a whole number, got " + text.get(), e);
    }
  }

  Path posterior() {
    return folder.resolve(text("posterior").orElse("posterior.safetensors"));
  }

  int samples(Optional<SampleStatistics> statistics) {
    int most = statistics.map(s -> s.samples().size()).orElse(SAMPLES);
    return Math.toIntExact(number("samples").orElse((long) most));
  }

  /** Statistics belong to samples of one seed, from the first. */
  long seed(Optional<SampleStatistics> statistics) {
    Optional<Long> said = number("seed");
    if (statistics.isEmpty()) {
      return said.orElse(0L);
    }
    long seed = statistics.get().seed();
    if (statistics.get().first() != 0 || said.filter(s -> s != seed).isPresent()) {
      throw new IllegalArgumentException(
          "batch-norm statistics of the posterior file are of samples of seed "
              + seed
              + " from "
              + statistics.get().first()
              + ": serve those, from 0, and leave seed out");
    }
    return seed;
  }

  Output output() {
    String name = text("output").orElse("LOGITS");
    return Arrays.stream(Output.values())
        .filter(o -> o.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "output must be one of " + Arrays.toString(Output.values()) + ", got " + name));
  }

  List<String> classNames() throws IOException {
    Optional<String> said = text("classes");
    if (said.isPresent()) {
      return Arrays.stream(said.get().split(",", -1)).map(String::strip).toList();
    }
    Path synset = folder.resolve("synset.txt");
    return Files.isRegularFile(synset)
        ? Files.readAllLines(synset).stream().filter(l -> !l.isBlank()).toList()
        : List.of();
  }

  /** Null if rows have the shape they come in. */
  Shape shape() {
    return text("shape")
        .map(
            s ->
                new Shape(
                    Arrays.stream(s.split(",", -1))
                        .mapToLong(d -> Long.parseLong(d.strip()))
                        .toArray()))
        .orElse(null);
  }
}

package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.io.WeightMapping;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where one network's weights are.
 *
 * @param sgd of plain SGD
 * @param swa the average
 * @param posterior its moments
 */
record MemberFiles(Path sgd, Path swa, Path posterior) {
  private static final String WEIGHTS = "weights";
  private static final String AVERAGE = "average";

  /** All in one folder. */
  static MemberFiles in(Path folder) {
    return new MemberFiles(
        folder.resolve("sgd.safetensors"),
        folder.resolve("swa.safetensors"),
        folder.resolve("posterior.safetensors"));
  }

  /** Where what a method leaves comes from. */
  @FunctionalInterface
  interface Origin {
    /** Of what is no run yet, and need not be told from others. */
    Origin UNKNOWN = method -> Provenance.unknown();

    Provenance of(Method method);
  }

  /** Writes what there is. */
  void write(TrainedMember member, int epochs, Origin origin) throws IOException {
    if (member.sgd() != null) {
      WeightFiles.write(
          sgd,
          WEIGHTS,
          member.sgd(),
          metadata("epochs", Integer.toString(epochs), origin.of(Method.SGD)));
    }
    if (member.swa() != null) {
      String count = Long.toString(member.posterior().count());
      WeightFiles.write(
          swa, AVERAGE, member.swa(), metadata("count", count, origin.of(Method.SWA)));
      PosteriorFiles.write(posterior, member.posterior(), origin.of(Method.SWAG));
    }
  }

  private static Map<String, String> metadata(String key, String value, Provenance provenance) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(key, value);
    facts.putAll(provenance.toMetadata());
    return facts;
  }

  /**
   * Checks that what a training leaves is there.
   *
   * @throws IOException if a file of it is missing
   */
  void require(Phase phase) throws IOException {
    List<Path> left =
        switch (phase) {
          case PLAIN -> List.of(sgd);
          case AVERAGED -> List.of(swa, posterior);
          case START, CYCLIC -> List.of();
        };
    for (Path file : left) {
      if (!Files.exists(file)) {
        throw new IOException(
            file + ": must be there, the run has its weights in it: put it back, or train again");
      }
    }
  }

  /**
   * Reads what there is.
   *
   * @throws WeightFormatException if a file says that it belongs elsewhere, or is damaged
   */
  TrainedMember read(WeightLayout layout, Origin origin) throws IOException {
    boolean averaged = Files.exists(posterior) && Files.exists(swa);
    return new TrainedMember(
        Files.exists(sgd) ? weights(sgd, WEIGHTS, layout, origin.of(Method.SGD)) : null,
        averaged ? weights(swa, AVERAGE, layout, origin.of(Method.SWA)) : null,
        averaged ? moments(layout, origin.of(Method.SWAG)) : null);
  }

  /** Averages and what they are of have the same tensors: only what the file says tells them. */
  private static Weights weights(Path file, String kind, WeightLayout layout, Provenance expected)
      throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      RunProvenance.requireOwn(file, Provenance.of(opened), expected);
      opened.requireKind(kind, layout);
      return WeightMapping.byName(layout, opened, UnaryOperator.identity()).read();
    }
  }

  private SwagPosterior moments(WeightLayout layout, Provenance expected) throws IOException {
    PosteriorFile opened = PosteriorFiles.open(posterior).requireLayout(layout);
    RunProvenance.requireOwn(posterior, opened.provenance(), expected);
    return opened.verify().posterior();
  }
}

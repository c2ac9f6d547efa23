package io.github.swag4j.cli.run;

import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where one network's weights are.
 *
 * @param sgd of plain SGD
 * @param swa the average
 * @param posterior its moments
 */
record MemberFiles(Path sgd, Path swa, Path posterior) {

  /** All in one folder. */
  static MemberFiles in(Path folder) {
    return new MemberFiles(
        folder.resolve("sgd.safetensors"),
        folder.resolve("swa.safetensors"),
        folder.resolve("posterior.safetensors"));
  }

  /** Writes what there is. */
  void write(TrainedMember member, int epochs, Provenance provenance) throws IOException {
    if (member.sgd() != null) {
      WeightFiles.write(sgd, "weights", member.sgd(), Map.of("epochs", Integer.toString(epochs)));
    }
    if (member.swa() != null) {
      WeightFiles.write(
          swa, "average", member.swa(), Map.of("count", Long.toString(member.posterior().count())));
      PosteriorFiles.write(posterior, member.posterior(), provenance);
    }
  }

  /** Reads what there is. */
  TrainedMember read(WeightLayout layout) throws IOException {
    boolean averaged = Files.exists(posterior) && Files.exists(swa);
    return new TrainedMember(
        Files.exists(sgd) ? WeightFiles.read(sgd, layout) : null,
        averaged ? WeightFiles.read(swa, layout) : null,
        averaged ? PosteriorFiles.read(posterior, layout) : null);
  }
}

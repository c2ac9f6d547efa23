package io.github.swag4j.cli;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.InputFit;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDescription.DataFingerprint;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The images that a run predicts: its own test images or new ones.
 *
 * @param description the run
 * @param data name or place of new images, null for the run's own
 * @param options where they are and what they are brought to
 * @param err told what is assumed
 */
record PredictImages(
    RunDescription description, String data, ImageOptions options, PrintWriter err) {

  /** The run's test images, or all rows of new data, as its model takes them. */
  ImageData test() throws IOException {
    ImageData loaded =
        Datasets.ofThisMachine()
            .load(
                data == null ? description.config().data().name() : data,
                data == null ? Split.TEST : Split.TEST_OR_ALL,
                directory(),
                options.conversion(description.config().data()));
    DataFingerprint own = description.data().get("test");
    if (data == null) {
      own.requireSame(loaded, "test");
      return loaded;
    }
    ImageData all = new InputFit(description.input(), err).of(loaded);
    ImageData part = description.asStored("test", all);
    if (part.size() < all.size()) {
      err.println(
          "swag4j: note: the run was trained on rows of "
              + all.name()
              + ", so that only the "
              + part.size()
              + " of its test part are predicted");
    } else if (data.equals(description.config().data().name())
        && !part.sha256().equals(own.sha256())) {
      err.println(
          "swag4j: note: "
              + data
              + " has changed since the run was trained on it: all "
              + part.size()
              + " rows are predicted, and among them may be some that it was trained on");
    }
    return part;
  }

  /** The files that are read, which must not be written over. */
  List<Path> read() {
    Optional<Path> directory = directory();
    if (data == null) {
      return directory.map(List::of).orElse(List.of());
    }
    return List.of(directory.orElse(Path.of("")).resolve(data));
  }

  private Optional<Path> directory() {
    return options.dataDir() != null || data != null
        ? Optional.ofNullable(options.dataDir())
        : description.config().data().path();
  }
}

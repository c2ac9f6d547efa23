package io.github.swag4j.studies.transfer;

import io.github.swag4j.base.Sha256;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntConsumer;

/** The network that is trained on the source, and the file it is kept in. */
final class SourceNetwork {

  /** The rate that SGD ends with, as a share of the first (the SWA authors' train.py). */
  static final double LAST_SHARE = 0.01;

  /**
   * How it is trained.
   *
   * @param rows training rows
   * @param epochs of SGD
   * @param rate first learning rate
   * @param steps how steps are made
   */
  record Settings(int rows, int epochs, double rate, Learner.Steps steps) {}

  /**
   * What came of it.
   *
   * @param sha256 of the file with its weights
   * @param test what it scores on test rows of the source, with the statistics it was trained with
   * @param seconds that training took
   */
  record Found(String sha256, Judged test, double seconds) {}

  private SourceNetwork() {}

  /** The rates of SGD: the first for half of the epochs, then falling in a line to a hundredth. */
  static LearningRateSchedule falling(double rate, int epochs) {
    return LearningRateSchedule.swa(rate, LAST_SHARE * rate, epochs);
  }

  /** Trains and writes the file. */
  static Found train(
      Learner learner,
      ImageBatches rows,
      Judge judge,
      Settings settings,
      Path file,
      IntConsumer finished)
      throws IOException {
    long began = System.nanoTime();
    learner.train(
        rows,
        settings.steps(),
        new Learner.Stretch(falling(settings.rate(), settings.epochs()), 0, settings.epochs()),
        null,
        finished);
    double seconds = (System.nanoTime() - began) / 1e9;
    Files.createDirectories(file.getParent());
    WeightFiles.write(
        file,
        "weights",
        learner.all().capture(),
        Map.of("epochs", Integer.toString(settings.epochs())));
    return new Found(Sha256.of(file), judge.asItIs(learner), seconds);
  }

  /**
   * Reads the file again.
   *
   * @param learner a network of the same kind
   * @throws IOException if it is not there, or not as it was written
   */
  static Weights read(Learner learner, Path file, String sha256, String part) throws IOException {
    if (!Files.isRegularFile(file) || !Sha256.of(file).equals(sha256)) {
      throw new IOException(
          file
              + ": must be as the study wrote it, is "
              + (Files.exists(file) ? "another" : "not there")
              + ": put it back, or remove parts/"
              + part
              + ".json and all that came of it to train it again");
    }
    return WeightFiles.read(file, learner.all().layout());
  }
}

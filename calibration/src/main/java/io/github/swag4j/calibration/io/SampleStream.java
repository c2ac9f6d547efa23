package io.github.swag4j.calibration.io;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.npz.NpzSamples;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes predictions with their posterior samples to an {@code .npz} file while the samples are
 * made, in memory that does not grow with their number. {@link PredictionFiles#read} reads it like
 * any other; a program without the memory for all samples maps the array {@code samples}, which is
 * stored as it is.
 *
 * <p>The file appears whole when everything has been written, or not at all.
 */
public final class SampleStream {

  /** Gives the samples, then their mean. */
  @FunctionalInterface
  public interface Source {
    /**
     * Gives everything to a stream.
     *
     * @param stream takes it
     * @throws IOException if writing fails; no file is written then
     */
    void writeTo(SampleStream stream) throws IOException;
  }

  private final NpzSamples samples;

  private SampleStream(NpzSamples samples) {
    this.samples = samples;
  }

  /**
   * Writes a file.
   *
   * @param file where to, ending in {@code .npz}; replaced if it is there
   * @param source gives the samples and finishes the stream
   * @throws IllegalArgumentException if the file does not end in {@code .npz}
   * @throws IllegalStateException if the source did not finish the stream
   * @throws IOException if writing fails
   */
  public static void write(Path file, Source source) throws IOException {
    if (!file.toString().endsWith(".npz")) {
      throw new IllegalArgumentException(
          "samples are streamed to an .npz file, got " + file + ": name it so");
    }
    AtomicFile.writeChannel(
        file,
        channel -> {
          NpzSamples samples = new NpzSamples(channel);
          source.writeTo(new SampleStream(samples));
          if (!samples.isFinished()) {
            throw new IllegalStateException(
                "a stream of samples must be finished with their mean: call finish");
          }
        });
  }

  /**
   * Appends the probabilities of a sample.
   *
   * @param probabilities {@code [rows * columns]}, row-major; one column is the positive class
   * @param columns classes, or 1
   * @throws IllegalArgumentException if the sample has another size than those before
   * @throws IOException if writing fails
   */
  public void add(double[] probabilities, int columns) throws IOException {
    samples.add(probabilities, columns);
  }

  /**
   * Ends the file with what the samples were averaged to.
   *
   * @param mean predictions of the same rows and classes, with labels and whatever else is known;
   *     samples that they hold themselves are not written again
   * @throws IllegalArgumentException if rows or classes differ, or there was no sample
   * @throws IOException if writing fails
   */
  public void finish(Predictions mean) throws IOException {
    samples.finish(mean);
  }
}

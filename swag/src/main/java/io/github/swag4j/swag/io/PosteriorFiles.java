package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.StoredMoments;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * SWAG posteriors in safetensors files: for each tensor {@code mean/NAME}, {@code variance/NAME}
 * and {@code deviations/NAME} of shape [K, ...], oldest column first, with the facts needed to draw
 * the same samples as metadata. A posterior of deviations alone has no variances, and format 3
 * instead of 2. No model and no engine is needed to read one.
 *
 * <p>What is read stays in the file, which is mapped: the heap holds names and shapes. The mapping
 * lives as long as the posterior, a view of its moments or a {@link PosteriorFile} can be reached;
 * until then the file must not be changed in place (see {@link Weights#mapped}).
 */
public final class PosteriorFiles {
  private static final int CHUNK = 1 << 14;

  private PosteriorFiles() {}

  /**
   * Writes a posterior of which nothing more is known.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @throws IOException if writing fails
   */
  public static void write(Path file, SwagPosterior posterior) throws IOException {
    write(file, posterior, Provenance.unknown());
  }

  /**
   * Writes a posterior.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @param provenance where it comes from
   * @throws IOException if writing fails
   */
  public static void write(Path file, SwagPosterior posterior, Provenance provenance)
      throws IOException {
    write(file, posterior, provenance, Optional.empty());
  }

  /**
   * Writes a posterior with batch-norm statistics of its samples, to be used without training data.
   *
   * @param file where to; replaced atomically
   * @param posterior the posterior
   * @param provenance where it comes from
   * @param statistics statistics of samples that this posterior draws
   * @throws IOException if writing fails
   */
  public static void write(
      Path file, SwagPosterior posterior, Provenance provenance, SampleStatistics statistics)
      throws IOException {
    write(file, posterior, provenance, Optional.of(statistics));
  }

  private static void write(
      Path file,
      SwagPosterior posterior,
      Provenance provenance,
      Optional<SampleStatistics> statistics)
      throws IOException {
    WeightLayout layout = posterior.layout();
    SafeTensorsWriter writer = SafeTensorsWriter.of(PosteriorHeader.KIND, layout);
    PosteriorHeader.metadata(posterior, provenance, statistics).forEach(writer::metadata);
    TensorType deviations = StoredMoments.areBfloat16(posterior) ? TensorType.BF16 : TensorType.F32;
    for (int t = 0; t < layout.tensors().size(); t++) {
      int tensor = t;
      WeightLayout.Tensor of = layout.tensor(t);
      String name = of.name();
      writer.tensor(
          PosteriorHeader.MEAN + name, of.shape(), List.of(posterior.mean().values(tensor)));
      if (posterior.hasVariance()) {
        writer.tensor(
            PosteriorHeader.VARIANCE + name,
            of.shape(),
            List.of(posterior.variance().values(tensor)));
      }
      List<Long> rows = PosteriorHeader.rows(of, StoredMoments.columns(posterior));
      writer.tensor(
          new StoredTensor(PosteriorHeader.DEVIATIONS + name, deviations, rows),
          sink -> writeDeviations(posterior, deviations, tensor, sink));
    }
    statistics.ifPresent(s -> add(writer, s));
    writer.write(file);
  }

  /** In pieces: columns of bfloat16 are not widened as a whole. */
  private static void writeDeviations(
      SwagPosterior posterior, TensorType type, int tensor, SafeTensorsWriter.Sink sink)
      throws IOException {
    int size = posterior.layout().tensor(tensor).size();
    float[] values = new float[Math.min(CHUNK, size)];
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int k = 0; k < StoredMoments.columns(posterior); k++) {
      for (int at = 0; at < size; at += CHUNK) {
        int length = Math.min(CHUNK, size - at);
        StoredMoments.readDeviation(posterior, k, tensor, at, values, length);
        if (type == TensorType.F32) {
          bytes.clear().asFloatBuffer().put(values, 0, length);
        } else {
          // Numbers that are bfloat16 already: nothing is rounded here.
          bytes.clear();
          for (int i = 0; i < length; i++) {
            bytes.putShort(i * Short.BYTES, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
          }
        }
        sink.write(bytes.position(0).limit(length * type.bytes()));
      }
    }
  }

  private static void add(SafeTensorsWriter writer, SampleStatistics statistics) {
    for (int t = 0; t < statistics.layout().tensors().size(); t++) {
      int tensor = t;
      WeightLayout.Tensor of = statistics.layout().tensor(t);
      writer.tensor(
          PosteriorHeader.STATISTICS + of.name(),
          PosteriorHeader.rows(of, statistics.samples().size()),
          statistics.samples().stream().map(s -> s.values(tensor)).toList());
    }
  }

  /**
   * Whether a file is one of a posterior, as far as it says so itself.
   *
   * @param file the file
   * @return true if it is a safetensors file of that kind; it may be damaged still
   * @throws IOException if reading fails
   */
  public static boolean isPosterior(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (SafeTensors opened = SafeTensors.openHeader(file)) {
      return PosteriorHeader.KIND.equals(opened.metadata().get("kind"));
    } catch (WeightFormatException e) {
      return false;
    }
  }

  /**
   * Opens a posterior: reads its header, however large the file is, and checks it. Values are
   * mapped and not looked at; {@link PosteriorFile#verify} does that.
   *
   * @param file the file
   * @return what it holds; nothing to close
   * @throws WeightFormatException if the header is damaged or of another kind or a newer version
   * @throws IOException if reading fails
   */
  public static PosteriorFile open(Path file) throws IOException {
    return PosteriorFile.open(file);
  }

  /**
   * Reads a posterior under the names that the file has, with every value checked once.
   *
   * @param file the file
   * @return the posterior; it draws the samples the written one drew, bit for bit
   * @throws WeightFormatException if the file is damaged, of another kind or sampler, or holds a
   *     value that is not finite or a variance below its floor
   * @throws IOException if reading fails
   */
  public static SwagPosterior read(Path file) throws IOException {
    return open(file).verify().posterior();
  }

  /**
   * Reads the posterior of a model, with every value checked once.
   *
   * @param file the file
   * @param layout the model's weights
   * @return the posterior; it draws the samples the written one drew, bit for bit
   * @throws WeightFormatException if the file is damaged, of another kind, model or sampler, or
   *     holds a value that is not finite or a variance below its floor
   * @throws IOException if reading fails
   */
  public static SwagPosterior read(Path file, WeightLayout layout) throws IOException {
    PosteriorFile opened = open(file).requireLayout(layout);
    return opened.verify().posterior();
  }
}

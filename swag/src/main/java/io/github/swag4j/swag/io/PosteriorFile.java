package io.github.swag4j.swag.io;

import io.github.swag4j.swa.io.MappedTensors;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.Sampler;
import io.github.swag4j.swag.StoredMoments;
import io.github.swag4j.swag.SwagPosterior;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open posterior file: its facts, and its moments where they lie in the file. There is nothing
 * to close; the mapping lives as long as this, or a view of the moments, can be reached. Safe for
 * use by several threads.
 *
 * @see PosteriorFiles#open
 */
public final class PosteriorFile {
  private final Path file;
  private final PosteriorHeader header;
  private final WeightLayout layout;
  private final Map<String, StoredTensor> entries;
  private final MappedTensors values;
  private final long bytes;

  private PosteriorFile(
      Path file,
      PosteriorHeader header,
      WeightLayout layout,
      Map<String, StoredTensor> entries,
      MappedTensors values,
      long bytes) {
    this.file = file;
    this.header = header;
    this.layout = layout;
    this.entries = entries;
    this.values = values;
    this.bytes = bytes;
  }

  static PosteriorFile open(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.openHeader(file)) {
      PosteriorHeader header = PosteriorHeader.read(file, opened);
      return new PosteriorFile(
          file, header, header.layout(), opened.entries(), opened.map(), opened.byteSize());
    }
  }

  /**
   * The file.
   *
   * @return its path as it was given
   */
  public Path path() {
    return file;
  }

  /**
   * Size of the file.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Version of its format.
   *
   * @return 1, 2, or 3 without variances
   */
  public int version() {
    return header.version();
  }

  /**
   * The tensors it speaks of; in version 1 their roles are not known.
   *
   * @return names, roles and shapes
   */
  public WeightLayout layout() {
    return layout;
  }

  /**
   * How the posterior was estimated.
   *
   * @return rank, variance floor and centre
   */
  public SwagPosterior.Options options() {
    return header.options();
  }

  /**
   * How many iterates the moments come from.
   *
   * @return the count, at least 2
   */
  public long count() {
    return header.count();
  }

  /**
   * Deviations there are.
   *
   * @return K, from 0 to the rank
   */
  public int columns() {
    return header.columns();
  }

  /**
   * Factor of the covariance.
   *
   * @return the scale, at least 0
   */
  public double scale() {
    return header.scale();
  }

  /**
   * Name of the sampler that the file was written with. Of one that this version does not know the
   * moments can be read, a {@link #posterior} cannot.
   *
   * @return algorithm and version
   */
  public String sampler() {
    return header.sampler();
  }

  /**
   * Where the posterior comes from.
   *
   * @return what the file says, nothing in version 1
   */
  public Provenance provenance() {
    return header.provenance();
  }

  /**
   * The mean, as a view of the file.
   *
   * @return the mean weights
   */
  public Weights mean() {
    return view(PosteriorHeader.MEAN);
  }

  /**
   * Whether the file has variances.
   *
   * @return false for a posterior of deviations alone
   */
  public boolean hasVariance() {
    return header.hasVariances();
  }

  /**
   * The variances before scaling, as a view of the file.
   *
   * @return the variances
   * @throws IllegalStateException if there are none
   */
  public Weights variance() {
    if (!hasVariance()) {
      throw new IllegalStateException(file + ": has no variances, it is of deviations alone");
    }
    return view(PosteriorHeader.VARIANCE);
  }

  private Weights view(String part) {
    List<FloatBuffer> views = new ArrayList<>();
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      views.add(values.floats(entries.get(part + tensor.name()), 0, tensor.size()));
    }
    return Weights.mapped(layout, views);
  }

  /**
   * Whether the file has its deviations in bfloat16, half the size, as they were collected.
   *
   * @return false for float32
   */
  public boolean hasBfloat16Deviations() {
    return PosteriorHeader.isBfloat16(entries);
  }

  /**
   * The columns of the low-rank part, oldest first, as views of the file. Where they are bfloat16,
   * each {@code get} widens one into new memory.
   *
   * @return K deviations
   */
  public List<Weights> deviations() {
    if (hasBfloat16Deviations()) {
      return whole().deviations();
    }
    List<Weights> out = new ArrayList<>();
    for (int k = 0; k < header.columns(); k++) {
      List<FloatBuffer> views = new ArrayList<>();
      for (WeightLayout.Tensor tensor : layout.tensors()) {
        StoredTensor stored = entries.get(PosteriorHeader.DEVIATIONS + tensor.name());
        views.add(values.floats(stored, (long) k * tensor.size(), tensor.size()));
      }
      out.add(Weights.mapped(layout, views));
    }
    return List.copyOf(out);
  }

  /**
   * The posterior over the mapped moments. Nothing is read: if the values were not checked with
   * {@link #verify}, a damaged file gives damaged samples.
   *
   * @return the posterior; it draws the samples the written one drew, bit for bit
   * @throws WeightFormatException if this version does not know the sampler, or it cannot draw in
   *     the file's mode
   */
  public SwagPosterior posterior() throws WeightFormatException {
    SwagPosterior moments = moments();
    try {
      return moments.withSampler(Sampler.named(header.sampler()));
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
    }
  }

  /**
   * The moments alone as a posterior, whatever sampler the file names: for what does not depend on
   * the samples' bits.
   *
   * @return a posterior of the same distribution with this version's sampler
   * @throws WeightFormatException if the mode speaks of tensors or deviations that there are not
   */
  public SwagPosterior moments() throws WeightFormatException {
    try {
      return whole().withMode(header.mode());
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
    }
  }

  private SwagPosterior whole() {
    Weights variance = hasVariance() ? variance() : null;
    if (!hasBfloat16Deviations()) {
      return StoredMoments.posterior(
          header.options(), header.count(), header.scale(), mean(), variance, deviations());
    }
    List<List<ShortBuffer>> columns = new ArrayList<>();
    for (int k = 0; k < header.columns(); k++) {
      List<ShortBuffer> column = new ArrayList<>();
      for (WeightLayout.Tensor tensor : layout.tensors()) {
        StoredTensor stored = entries.get(PosteriorHeader.DEVIATIONS + tensor.name());
        column.add(values.shorts(stored, (long) k * tensor.size(), tensor.size()));
      }
      columns.add(column);
    }
    return StoredMoments.posteriorOfBfloat16(
        header.options(), header.count(), header.scale(), mean(), variance, columns);
  }

  /**
   * What of the distribution is drawn, and who shares the noise.
   *
   * @return the mode
   */
  public SampleMode mode() {
    return header.mode();
  }

  /**
   * Batch-norm statistics of samples, if the file has them, read to the heap and checked.
   *
   * @return the statistics, and which samples they belong to
   * @throws WeightFormatException if a value is not finite or a variance negative
   */
  public Optional<SampleStatistics> statistics() throws WeightFormatException {
    if (header.statistics().isEmpty()) {
      return Optional.empty();
    }
    PosteriorHeader.Statistics facts = header.statistics().get();
    List<Weights> samples = new ArrayList<>();
    for (int s = 0; s < facts.samples(); s++) {
      float[][] sample = new float[facts.layout().tensors().size()][];
      for (int t = 0; t < sample.length; t++) {
        WeightLayout.Tensor tensor = facts.layout().tensor(t);
        StoredTensor stored = entries.get(PosteriorHeader.STATISTICS + tensor.name());
        sample[t] = new float[tensor.size()];
        values.floats(stored, (long) s * tensor.size(), tensor.size()).get(0, sample[t]);
        boolean variance = tensor.role() == WeightLayout.Role.RUNNING_VARIANCE;
        float least = variance ? 0 : Float.NEGATIVE_INFINITY;
        PosteriorValues.require(file, stored.name() + " row " + s, sample[t], 0, least, "0");
      }
      samples.add(Weights.adopt(facts.layout(), sample));
    }
    return Optional.of(new SampleStatistics(facts.seed(), facts.first(), samples));
  }

  /**
   * Reads the whole file once: the checksum of the data must be what the file says, every number
   * finite, and every variance at least the floor.
   *
   * @return this file
   * @throws WeightFormatException if not, naming the tensor
   */
  public PosteriorFile verify() throws WeightFormatException {
    values.verifyChecksum();
    PosteriorValues.verify(file, header, entries, values);
    statistics();
    return this;
  }

  /**
   * The same file as the posterior of a model, which tells the roles of the tensors.
   *
   * @param model the model's weights
   * @return the file with the model's layout
   * @throws WeightFormatException if names, shapes or their order differ, naming the first
   */
  public PosteriorFile requireLayout(WeightLayout model) throws WeightFormatException {
    try {
      model.requireSame(layout);
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file, e.getMessage());
    }
    return new PosteriorFile(file, header, model, entries, values, bytes);
  }

  @Override
  public String toString() {
    return file
        + ": SWAG posterior of "
        + header.count()
        + " iterates, rank "
        + header.columns()
        + ", scale "
        + header.scale()
        + ", "
        + layout;
  }
}

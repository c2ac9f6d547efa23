package io.github.swag4j.swa.io.average;

import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The average of files of weights, written as a safetensors file.
 *
 * <p>All files must have the same tensors. Values are read block by block from all files at once,
 * averaged and written in order, on all cores; a few blocks are all that is in memory.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, Averaging Weights Leads to
 *     Wider Optima and Better Generalization</a>
 */
public final class FileAverage {

  /**
   * What was written.
   *
   * @param averaged number of tensors averaged
   * @param values number of values averaged
   * @param copied names of the tensors taken from the last file
   * @param leftOut names of the tensors left out
   * @param types types of the averaged tensors in the file, with their number
   */
  public record Summary(
      int averaged,
      long values,
      List<String> copied,
      List<String> leftOut,
      Map<TensorType, Integer> types) {}

  private final List<TensorFile> files;
  private final AverageOptions options;
  private final List<StoredTensor> kept = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> differing;

  private FileAverage(List<? extends TensorFile> files, AverageOptions options) throws IOException {
    this.files = List.copyOf(files);
    this.options = options;
    options.rule().factors(files.size());
    for (StoredTensor tensor : this.files.get(0).entries().values()) {
      if (options.tensors().test(tensor.name())) {
        kept.add(tensor);
      } else {
        leftOut.add(tensor.name());
      }
    }
    if (kept.isEmpty()) {
      throw new IOException(
          this.files.get(0).file() + ": no tensor is left to average, all are left out by name");
    }
    this.differing = FileAgreement.require(this.files, kept, options);
  }

  /**
   * Checks that files can be averaged.
   *
   * @param files the open files, in order; at least one
   * @param options how
   * @return the average, not computed yet
   * @throws IOException if the files' tensors differ in name, shape or type, have a type that
   *     cannot be averaged, or integers differ that must not, listing what does; or if reading
   *     fails
   * @throws IllegalArgumentException if there is no file, or the weights are not one a file
   */
  public static FileAverage of(List<? extends TensorFile> files, AverageOptions options)
      throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must be at least one, got none");
    }
    return new FileAverage(files, options);
  }

  /**
   * Averages and writes.
   *
   * @param out where to; replaced atomically
   * @param metadata further facts for the file
   * @return what was written
   * @throws IOException if a value is not finite or does not fit, naming tensor and file; if
   *     reading or writing fails; or if the output is one of the files. Nothing is written then
   */
  public Summary write(Path out, Map<String, String> metadata) throws IOException {
    requireOther(out);
    SafeTensorsWriter writer = SafeTensorsWriter.of("average");
    writer.metadata("count", Integer.toString(files.size()));
    writer.metadata("rule", options.rule().toString());
    writer.metadata("accumulate", options.precision().name().toLowerCase(Locale.ROOT));
    writer.metadata("taken_from_last", String.join(",", copied()));
    metadata.forEach(writer::metadata);
    Map<String, StoredTensor> sources = new HashMap<>();
    try (BlockPipeline pipeline = new BlockPipeline(files, options)) {
      for (StoredTensor source : kept) {
        StoredTensor target = new StoredTensor(source.name(), typeOf(source), source.shape());
        sources.put(source.name(), source);
        writer.tensor(target, sink -> pipeline.writeTo(target, sink));
      }
      for (StoredTensor target : writer.dataOrder()) {
        pipeline.add(sources.get(target.name()), target, isCopied(target));
      }
      writer.write(out);
    }
    return summary();
  }

  private Summary summary() {
    Map<TensorType, Integer> types = new EnumMap<>(TensorType.class);
    int averaged = 0;
    long values = 0;
    for (StoredTensor tensor : kept) {
      if (!isCopied(tensor)) {
        averaged++;
        values += tensor.size();
        types.merge(typeOf(tensor), 1, Integer::sum);
      }
    }
    return new Summary(averaged, values, copied(), List.copyOf(leftOut), types);
  }

  private List<String> copied() {
    return kept.stream().filter(this::isCopied).map(StoredTensor::name).toList();
  }

  /**
   * Integer tensors that differ between the files.
   *
   * @return their names
   */
  public List<String> differingIntegers() {
    return differing;
  }

  private boolean isCopied(StoredTensor tensor) {
    return !tensor.type().isReal() || options.fromLast().test(tensor.name());
  }

  private TensorType typeOf(StoredTensor tensor) {
    if (!tensor.type().isReal()) {
      return tensor.type();
    }
    return options.type().orElse(tensor.type() == TensorType.F64 ? TensorType.F64 : TensorType.F32);
  }

  private void requireOther(Path out) throws IOException {
    for (TensorFile file : files) {
      for (Path part : file.files()) {
        if (Files.exists(out) && Files.isSameFile(out, part)) {
          throw new IOException(
              out + ": the output must not be one of the files averaged: name another");
        }
      }
    }
  }
}

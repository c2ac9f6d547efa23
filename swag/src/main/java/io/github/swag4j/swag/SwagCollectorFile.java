package io.github.swag4j.swag;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.internal.BlockCut;
import io.github.swag4j.swa.internal.BlockValues;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.internal.CollectorFile;
import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorCodec;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swag.SwagPosterior.Centre;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of a {@link SwagCollector} in a safetensors file. Deviations of bfloat16 are tensors of
 * that type, said by metadata {@code deviations}; where they lay is not written. Metadata {@code
 * variances} is {@code none} where no sum of squares is kept.
 */
final class SwagCollectorFile {
  private static final String KIND = "swag-collector-state";
  private static final String MEAN = "mean";
  private static final String M2 = "m2";
  private static final String COLUMN = "column.";
  private static final String DEVIATIONS = "deviations";
  private static final String VARIANCES = "variances";
  private static final String NONE = "none";

  private SwagCollectorFile() {}

  /**
   * What was collected.
   *
   * @param accumulation how sums are kept
   * @param variances whether there is a sum of squares
   * @param layout the tensors; null before the first
   * @param count weight vectors
   * @param moments their mean and sum of squares; null before the first
   * @param columns the ring's columns by slot
   */
  record State(
      Accumulation accumulation,
      boolean variances,
      WeightLayout layout,
      long count,
      RunningMoments moments,
      Map<Long, DeviationColumn> columns) {}

  static void write(Path file, SwagPosterior.Options options, boolean bfloat16, State state)
      throws IOException {
    SafeTensorsWriter writer =
        CollectorFile.start(KIND, state.layout, state.count)
            .metadata("accumulation", state.accumulation.name())
            .metadata("rank", Integer.toString(options.rank()))
            .metadata("centre", options.centre().name())
            .metadata("variance_floor", Float.toString(options.varianceFloor()));
    TensorType type = bfloat16 ? TensorType.BF16 : TensorType.F32;
    if (bfloat16) {
      writer.metadata(DEVIATIONS, type.torchName());
    }
    if (!state.variances) {
      writer.metadata(VARIANCES, NONE);
    }
    if (state.layout != null) {
      CollectorFile.add(writer, MEAN, state.moments.mean());
      if (state.variances) {
        CollectorFile.add(writer, M2, state.moments.m2());
      }
      state.columns.forEach((slot, column) -> add(writer, state.layout, type, slot, column));
    }
    writer.write(file);
  }

  private static void add(
      SafeTensorsWriter writer,
      WeightLayout layout,
      TensorType type,
      long slot,
      DeviationColumn column) {
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      int place = t;
      writer.tensor(
          new StoredTensor(COLUMN + slot + "/" + tensor.name(), type, tensor.shape()),
          sink -> {
            float[] values = new float[Blocks.SIZE];
            ByteBuffer bytes =
                ByteBuffer.allocate(Blocks.SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < tensor.size(); at += Blocks.SIZE) {
              int length = Math.min(Blocks.SIZE, tensor.size() - at);
              column.read(place, at, values, length);
              bytes.clear();
              for (int i = 0; i < length; i++) {
                if (type == TensorType.F32) {
                  bytes.putFloat(values[i]);
                } else {
                  bytes.putShort((short) (Float.floatToRawIntBits(values[i]) >>> 16));
                }
              }
              sink.write(bytes.flip());
            }
          });
    }
  }

  static SwagCollector read(Path file, AveragingPlan plan, Optional<Path> directory)
      throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      CollectorFile.requireKind(file, opened, KIND);
      try {
        return read(file, opened, plan, directory);
      } catch (IllegalArgumentException e) {
        throw new WeightFormatException(file, "metadata is not valid: " + e.getMessage());
      }
    }
  }

  private static SwagCollector read(
      Path file, SafeTensors opened, AveragingPlan plan, Optional<Path> directory)
      throws IOException {
    SwagPosterior.Options options =
        new SwagPosterior.Options(
            Integer.parseInt(opened.requireMetadata("rank")),
            Float.parseFloat(opened.requireMetadata("variance_floor")),
            Centre.valueOf(opened.requireMetadata("centre")));
    Accumulation accumulation = Accumulation.valueOf(opened.requireMetadata("accumulation"));
    long count = Long.parseLong(opened.requireMetadata("count"));
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0, got " + count);
    }
    String deviations = opened.metadata().getOrDefault(DEVIATIONS, TensorType.F32.torchName());
    TensorType type = TensorType.of(deviations).orElse(TensorType.BOOL);
    if (type != TensorType.F32 && type != TensorType.BF16) {
      throw new IllegalArgumentException(
          DEVIATIONS + " must be float32 or bfloat16, got " + deviations);
    }
    DeviationStorage storage = new DeviationStorage(directory, type == TensorType.BF16);
    boolean variances = !opened.metadata().containsKey(VARIANCES);
    if (!variances && !opened.metadata().get(VARIANCES).equals(NONE)) {
      throw new IllegalArgumentException(
          VARIANCES + " must be none or missing, got " + opened.metadata().get(VARIANCES));
    }
    Map<Long, DeviationColumn> columns = new TreeMap<>();
    if (count == 0) {
      return new SwagCollector(
          plan, options, storage, new State(accumulation, variances, null, 0, null, columns));
    }
    WeightLayout layout = CollectorFile.layout(file, opened, MEAN);
    BlockCut cut = new BlockCut(layout);
    BlockValues mean = CollectorFile.values(file, opened, MEAN, cut, accumulation);
    BlockValues m2 = variances ? CollectorFile.values(file, opened, M2, cut, accumulation) : null;
    for (long k = 0; k < Math.min(count, options.rank()); k++) {
      columns.put(k, column(file, opened, COLUMN + k, type, layout, storage));
    }
    return new SwagCollector(
        plan,
        options,
        storage,
        new State(accumulation, variances, layout, count, new RunningMoments(mean, m2), columns));
  }

  private static DeviationColumn column(
      Path file,
      SafeTensors opened,
      String part,
      TensorType type,
      WeightLayout layout,
      DeviationStorage storage)
      throws IOException {
    DeviationColumn column = storage.column(layout);
    float[] values = new float[Blocks.SIZE];
    ByteBuffer bytes =
        ByteBuffer.allocate(Blocks.SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      String name = part + "/" + tensor.name();
      StoredTensor stored = CollectorFile.require(file, opened, name, type, tensor.shape());
      for (int at = 0; at < tensor.size(); at += Blocks.SIZE) {
        int length = Math.min(Blocks.SIZE, tensor.size() - at);
        opened.read(stored, at, bytes.clear().limit(length * type.bytes()));
        TensorCodec.widen(type, bytes.flip(), values, 0, length);
        for (int i = 0; i < length; i++) {
          CollectorFile.requireFinite(file, name, values[i]);
        }
        column.write(t, at, values, length);
      }
    }
    return column;
  }
}

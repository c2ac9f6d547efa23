package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.MaskedLogits;
import io.github.swag4j.calibration.io.internal.RowHints;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The numbers of an array, as probabilities or logits, in memory. */
final class NpzNumbers {
  private final ReadOptions options;

  /** Whether the array's name says that they are logits. */
  private final boolean named;

  private final boolean logits;

  /** The numbers as they are written, for a refusal of them. */
  private double[] written;

  private int rows;
  private int columns;

  NpzNumbers(ReadOptions options, boolean named) {
    this.options = options;
    this.named = named;
    logits = named || options.logits();
  }

  /** Reads rows, straight into the builder's array if their bytes are known to be there. */
  int read(
      PredictionsBuilder builder, InputStream in, NpyHeader header, Source place, boolean whole)
      throws IOException {
    long[] shape = NpzMembers.shape(header, place);
    rows = Math.toIntExact(shape[0]);
    columns = Math.toIntExact(shape[1]);
    if (columns == 1) {
      double[] data = NpyData.doubles(in, header, place);
      written = data;
      builder.positiveProbabilities(positive(data, place));
      return rows;
    }
    if (!whole) {
      double[] data = NpyData.doubles(in, header, place);
      give(builder, header, (r, into, from) -> System.arraycopy(data, from, into, from, columns));
      return rows;
    }
    try {
      give(builder, header, new WholeArray(in, header, place));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return rows;
  }

  private double[] positive(double[] data, Source place) throws IOException {
    if (!logits) {
      return options.percent() ? percent(data) : data;
    }
    boolean outside = false;
    double[] out = new double[data.length];
    for (int r = 0; r < out.length; r++) {
      outside |= !(data[r] >= 0 && data[r] <= 1);
      out[r] = 1 / (1 + Math.exp(-data[r]));
    }
    if (!outside) {
      throw LogitCheck.refusal(named, place);
    }
    return out;
  }

  private static double[] percent(double[] data) {
    double[] out = new double[data.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = data[i] / 100;
    }
    return out;
  }

  private void give(
      PredictionsBuilder builder, NpyHeader header, PredictionsBuilder.RowSource source) {
    PredictionsBuilder.RowSource kept =
        new PredictionsBuilder.RowSource() {
          @Override
          public void readAll(int numRows, int numClasses, double[] into) {
            source.readAll(numRows, numClasses, into);
            written = into;
            for (int i = 0; options.percent() && i < into.length; i++) {
              into[i] /= 100;
            }
          }

          @Override
          public void read(int row, double[] into, int from) {
            throw new UnsupportedOperationException("rows are read all at once");
          }
        };
    if (!logits) {
      boolean single = header.type().size() < 8 && !options.percent();
      builder.probabilities(rows, columns, single, kept);
      return;
    }
    builder.logits(rows, columns, kept);
    if (MaskedLogits.isAmong(written, written.length)) {
      MaskedLogits.give(builder, written, rows, columns);
    }
  }

  /**
   * Builds, with the builder's objections made refusals, and with remedies that have been tried.
   */
  Predictions build(PredictionsBuilder builder, Source place) throws IOException {
    try {
      return builder.build();
    } catch (InvalidRowException e) {
      throw place.refuse(RowHints.of(e, hint -> hint.add(written, rows, columns), options), e);
    } catch (IllegalArgumentException e) {
      throw place.refuse(Refusal.of(e), e);
    }
  }

  /** Rows that are read all at once. */
  private record WholeArray(InputStream in, NpyHeader header, Source place)
      implements PredictionsBuilder.RowSource {
    @Override
    public void readAll(int numRows, int numClasses, double[] into) {
      try {
        NpyData.doubles(in, header, place, into);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void read(int row, double[] into, int from) {
      throw new UnsupportedOperationException("rows are read all at once");
    }
  }
}

package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.HeapNeed;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How large the predictions in NPZ and NPY files are, by their headers. */
public final class NpzSize {
  private NpzSize() {}

  /** Rows, classes and the heap that reading takes. */
  public static PredictionSize of(Path file, ReadOptions options) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      return of(npz, NpzMembers.of(npz, options), options);
    }
  }

  public static PredictionSize of(NpzFile npz, NpzMembers members, ReadOptions options)
      throws IOException {
    boolean logits = members.logits() != null || options.logits();
    NpyHeader header = npz.header(members.main());
    npz.checkLength(members.main(), header);
    long[] shape = NpzMembers.shape(header, npz.place(members.main()));
    long classes = Math.max(2, shape[1]);
    int values = members.probabilities() != null && logits ? 3 : logits ? 2 : 1;
    double bytes = 8.0 * values * classes * shape[0];
    bytes += npz.fills(members.main()) && shape[1] > 1 ? 0 : 16.0 * shape[0] * shape[1];
    bytes += members.labels() == null ? 0 : 24.0 * shape[0];
    bytes += members.weights() == null ? 0 : 24.0 * shape[0];
    bytes += npz.names().contains("expected_entropy") ? 24.0 * shape[0] : 0;
    for (String name : List.of("groups", "ids")) {
      bytes += npz.names().contains(name) ? (16.0 + HeapNeed.TEXT) * shape[0] : 0;
    }
    if (npz.names().contains("samples")) {
      NpyHeader samples = npz.header("samples");
      npz.checkLength("samples", samples);
      bytes += 24.0 * samples.count(); // as they are read, a sample at a time, as they stay
    }
    return HeapNeed.size(shape[0], classes, bytes, npz.place(members.main()));
  }

  /** Rows, classes and the heap that reading a single array takes. */
  public static PredictionSize ofArray(Path file, ReadOptions options) throws IOException {
    Source source = new Source(file, "");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return ofArray(NpyHeader.read(in, source), options, source);
    }
  }

  public static PredictionSize ofArray(NpyHeader header, ReadOptions options, Source source)
      throws IOException {
    long[] shape = NpzMembers.shape(header, source);
    long classes = Math.max(2, shape[1]);
    double bytes = 8.0 * (options.logits() ? 2 : 1) * classes * shape[0];
    return HeapNeed.size(shape[0], classes, bytes + (shape[1] == 1 ? 24.0 * shape[0] : 0), source);
  }
}

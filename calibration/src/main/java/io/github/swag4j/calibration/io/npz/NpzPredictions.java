package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.HeapNeed;
import io.github.swag4j.calibration.io.internal.LogitCheck;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Predictions from the arrays of an NPZ archive. */
public final class NpzPredictions {
  private final NpzFile npz;

  private final ReadOptions options;

  private NpzPredictions(NpzFile npz, ReadOptions options) {
    this.npz = npz;
    this.options = options;
  }

  public static Noted<Predictions> read(Path file, ReadOptions options) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      return new NpzPredictions(npz, options).read();
    }
  }

  /** The probabilities, or logits, of an array, with labels of another or without. */
  public static Noted<Predictions> readArray(Path file, Path labels, ReadOptions options)
      throws IOException {
    Source source = new Source(file, "");
    PredictionsBuilder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      NpyHeader header = NpyHeader.read(in, source);
      boolean whole = header.bytes() + header.dataBytes() == Files.size(file);
      PredictionSize size = NpzSize.ofArray(header, options, source);
      if (whole) {
        HeapNeed.check(source, size);
      }
      try {
        NpzNumbers numbers = new NpzNumbers(options, false);
        int rows = numbers.read(builder, in, header, source, whole);
        NpzLabelling labelling = NpzLabelling.NONE;
        if (labels != null) {
          labelling = readLabels(labels, rows, size.classes(), options);
          if (labelling.classes() != null) {
            builder.labels(labelling.classes());
          }
        }
        Predictions read = numbers.build(builder, source);
        Noted<Predictions> kept =
            labelling.kept(read, NpzNotes.of(file, labels, size.classes()), source, options);
        LogitCheck.require(kept.value(), false, source);
        return ReorderedClasses.of(kept, options.classColumns(), source);
      } catch (OutOfMemoryError e) {
        throw HeapNeed.refusal(source, size, e);
      }
    }
  }

  private static NpzLabelling readLabels(Path file, int rows, int classes, ReadOptions options)
      throws IOException {
    Source source = new Source(file, "");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return labels(in, NpyHeader.read(in, source), rows, null, classes, source, options);
    }
  }

  private static NpzLabelling labels(
      InputStream in,
      NpyHeader header,
      int rows,
      List<String> names,
      int classes,
      Source place,
      ReadOptions options)
      throws IOException {
    if (header.type().isText()) {
      String[] words = NpyData.texts(in, texts(header, rows, place), place);
      return NpzLabelling.of(words, names, classes, place, options);
    }
    long[] values = NpyData.longs(in, ints(header, rows, place), place);
    return NpzLabelling.of(values, header, classes, place, options);
  }

  private Noted<Predictions> read() throws IOException {
    NpzMembers members = NpzMembers.of(npz, options);
    PredictionSize size = NpzSize.of(npz, members, options);
    if (npz.fills(members.main())) {
      HeapNeed.check(npz.place(members.main()), size);
    }
    try {
      return read(members, size.classes());
    } catch (OutOfMemoryError e) {
      throw HeapNeed.refusal(npz.place(members.main()), size, e);
    }
  }

  private Noted<Predictions> read(NpzMembers members, int classes) throws IOException {
    PredictionsBuilder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    String main = members.main();
    NpzNumbers numbers = new NpzNumbers(options, members.logits() != null);
    int rows =
        npz.read(main, (in, h, place) -> numbers.read(builder, in, h, place, npz.fills(main)));
    NpzLabelling labelling = rest(builder, rows, classes, members);
    Predictions read = numbers.build(builder, npz.place(main));
    if (members.probabilities() != null && members.logits() != null) {
      compare(read, members.probabilities());
    }
    ReadingNote note = NpzNotes.of(npz, members, classes);
    Noted<Predictions> kept = labelling.kept(read, note, npz.source(), options);
    if (members.probabilities() == null || members.logits() == null) {
      LogitCheck.require(kept.value(), members.logits() != null, npz.place(main));
    }
    return ReorderedClasses.of(kept, options.classColumns(), npz.source());
  }

  private NpzLabelling rest(PredictionsBuilder builder, int rows, int classes, NpzMembers members)
      throws IOException {
    NpzLabelling labelling = NpzLabelling.NONE;
    List<String> names =
        npz.names().contains("class_names") ? NpzNotes.of(npz, members, classes).classes() : null;
    if (members.labels() != null) {
      labelling =
          npz.read(
              members.labels(),
              (in, h, place) -> labels(in, h, rows, names, classes, place, options));
      if (labelling.classes() != null) {
        builder.labels(labelling.classes());
      }
    }
    if (npz.names().contains("expected_entropy")) {
      builder.expectedEntropy(
          npz.read(
              "expected_entropy",
              (in, h, place) -> NpyData.doubles(in, floats(h, rows, place), place)));
    }
    if (members.weights() != null) {
      builder.weights(
          npz.read(
              members.weights(),
              (in, h, place) -> NpyData.doubles(in, floats(h, rows, place), place)));
    }
    if (npz.names().contains("groups")) {
      builder.groups(
          npz.read("groups", (in, h, place) -> NpyData.texts(in, texts(h, rows, place), place)));
    }
    if (npz.names().contains("ids")) {
      builder.ids(
          npz.read("ids", (in, h, place) -> NpyData.texts(in, texts(h, rows, place), place)));
    }
    if (npz.names().contains("class_names")) {
      builder.classNames(
          Arrays.asList(
              npz.read(
                  "class_names", (in, h, place) -> NpyData.texts(in, texts(h, -1, place), place))));
    }
    if (npz.names().contains("samples")) {
      builder.samples(npz.read("samples", this::samples));
    }
    return labelling;
  }

  private double[][][] samples(InputStream in, NpyHeader header, Source place) throws IOException {
    NpzMembers.checkFloat(header, place);
    if (header.shape().size() != 3 || header.count() == 0) {
      throw place.refuse("the shape must be [samples, rows, classes], got " + header.display());
    }
    double[] data = NpyData.doubles(in, header, place);
    int samples = Math.toIntExact(header.shape().get(0));
    int classes = Math.toIntExact(header.shape().get(2));
    double[][][] out = new double[samples][][];
    int each = data.length / samples;
    for (int s = 0; s < samples; s++) {
      out[s] = rows(Arrays.copyOfRange(data, s * each, (s + 1) * each), classes);
    }
    return out;
  }

  private static NpyHeader ints(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    NpzMembers.checkLabels(header, rows, place);
    return header;
  }

  private static NpyHeader floats(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    NpzMembers.checkNumbers(header, rows, place);
    return header;
  }

  private static NpyHeader texts(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    if (!header.type().isText()) {
      throw place.refuse(
          "the elements must be text, got "
              + header.type().display()
              + ": save them with .astype(str)");
    }
    return vector(header, rows, place);
  }

  private static NpyHeader vector(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    NpzMembers.checkVector(header, rows, place);
    return header;
  }

  /** A file with probabilities and logits is taken at its logits only if the two agree. */
  private void compare(Predictions read, String name) throws IOException {
    npz.read(
        name,
        (in, header, place) -> {
          NpzMembers.checkFloat(header, place);
          if (!header.shape().equals(List.of((long) read.rows(), (long) read.classes()))) {
            throw place.refuse(
                "the shape must be that of logits, ["
                    + read.rows()
                    + ", "
                    + read.classes()
                    + "], got "
                    + header.display());
          }
          double[] data = NpyData.doubles(in, header, place);
          for (int i = 0; i < data.length; i++) {
            double softmax = read.probability(i / read.classes(), i % read.classes());
            if (!(Math.abs(softmax - data[i]) <= Predictions.SUM_TOLERANCE)) {
              throw NpzMembers.notTheSoftmax(
                  place, i / read.classes(), i % read.classes(), softmax, data[i]);
            }
          }
          return null;
        });
  }

  private static double[][] rows(double[] data, int classes) {
    double[][] rows = new double[classes == 0 ? 0 : data.length / classes][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOfRange(data, r * classes, (r + 1) * classes);
    }
    return rows;
  }
}

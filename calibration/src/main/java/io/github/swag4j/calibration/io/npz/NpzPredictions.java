package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.HeapNeed;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Predictions from the arrays of an NPZ archive. */
public final class NpzPredictions {
  /** Arrays of one meaning, whatever else there is. */
  private static final Set<String> READ =
      Set.of("expected_entropy", "groups", "class_names", "samples");

  private final NpzFile npz;

  private final ReadOptions options;

  private NpzPredictions(NpzFile npz, ReadOptions options) {
    this.npz = npz;
    this.options = options;
  }

  public static Predictions read(Path file, ReadOptions options) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      return new NpzPredictions(npz, options).read();
    }
  }

  /** What the arrays of a file are taken for. */
  public static ReadingNote note(Path file, ReadOptions options) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      NpzMembers members = NpzMembers.of(npz, options);
      boolean logits = members.logits() != null || options.logits();
      String main = members.main();
      long[] shape = NpzMembers.shape(npz.header(main), logits, npz.place(main));
      List<String> ignored = new ArrayList<>(npz.names());
      ignored.removeAll(READ);
      List<String> used =
          Stream.of(members.probabilities(), members.logits(), members.labels(), members.weights())
              .filter(Objects::nonNull)
              .toList();
      ignored.removeAll(used);
      String labels = members.labels() == null ? "" : members.labels();
      return new ReadingNote(
          npz.names().contains("class_names")
              ? List.of(
                  npz.read(
                      "class_names",
                      (in, h, place) -> NpyData.texts(in, texts(h, -1, place), place)))
              : indices((int) Math.max(2, shape[1])),
          List.of(main),
          labels,
          labels.isEmpty() ? LabelKind.NONE : LabelKind.INDICES,
          members.weights() == null ? "" : members.weights(),
          ignored,
          List.of());
    }
  }

  /** What a pair of arrays, or one without labels, is taken for. */
  public static ReadingNote note(Path file, Path labels, ReadOptions options) throws IOException {
    Source source = new Source(file, "");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long[] shape = NpzMembers.shape(NpyHeader.read(in, source), options.logits(), source);
      return new ReadingNote(
          indices((int) Math.max(2, shape[1])),
          List.of(String.valueOf(file.getFileName())),
          labels == null ? "" : String.valueOf(labels.getFileName()),
          labels == null ? LabelKind.NONE : LabelKind.INDICES,
          "",
          List.of(),
          List.of());
    }
  }

  private static List<String> indices(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  /** The probabilities, or logits, of an array, with labels of another or without. */
  public static Predictions readArray(Path file, Path labels, ReadOptions options)
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
        int rows = matrix(builder, options.logits(), in, header, source, whole);
        if (labels != null) {
          builder.labels(readLabels(labels, rows));
        }
        return source.build(builder);
      } catch (OutOfMemoryError e) {
        throw HeapNeed.refusal(source, size, e);
      }
    }
  }

  private static int[] readLabels(Path file, int rows) throws IOException {
    Source source = new Source(file, "");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return labels(
          NpyData.longs(in, ints(NpyHeader.read(in, source), rows, source), source), source);
    }
  }

  private Predictions read() throws IOException {
    NpzMembers members = NpzMembers.of(npz, options);
    PredictionSize size = NpzSize.of(npz, members, options);
    if (npz.fills(members.main())) {
      HeapNeed.check(npz.place(members.main()), size);
    }
    try {
      return read(members);
    } catch (OutOfMemoryError e) {
      throw HeapNeed.refusal(npz.place(members.main()), size, e);
    }
  }

  private Predictions read(NpzMembers members) throws IOException {
    PredictionsBuilder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    String main = members.main();
    boolean logits = members.logits() != null || options.logits();
    int rows =
        npz.read(main, (in, h, place) -> matrix(builder, logits, in, h, place, npz.fills(main)));
    rest(builder, rows, members);
    Predictions read = npz.place(main).build(builder);
    if (members.probabilities() != null && members.logits() != null) {
      compare(read, members.probabilities());
    }
    return read;
  }

  /** Reads rows, straight into the builder's array if their bytes are known to be there. */
  private static int matrix(
      PredictionsBuilder builder,
      boolean logits,
      InputStream in,
      NpyHeader header,
      Source place,
      boolean whole)
      throws IOException {
    long[] shape = NpzMembers.shape(header, logits, place);
    if (!whole || shape[1] == 1) {
      double[] data = NpyData.doubles(in, header, place);
      if (shape[1] == 1) {
        builder.positiveProbabilities(data);
      } else {
        int width = (int) shape[1];
        numbers(
            builder,
            logits,
            header,
            (r, into, from) -> System.arraycopy(data, from, into, from, width));
      }
    } else {
      try {
        numbers(builder, logits, header, new WholeArray(in, header, place));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return (int) shape[0];
  }

  private static void numbers(
      PredictionsBuilder builder,
      boolean logits,
      NpyHeader header,
      PredictionsBuilder.RowSource source) {
    int rows = Math.toIntExact(header.shape().get(0));
    int classes = Math.toIntExact(header.shape().get(1));
    if (logits) {
      builder.logits(rows, classes, source);
    } else {
      builder.probabilities(rows, classes, header.type().size() < 8, source);
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

  private void rest(PredictionsBuilder builder, int rows, NpzMembers members) throws IOException {
    String labels = members.labels();
    if (labels != null) {
      builder.labels(
          npz.read(
              labels,
              (in, h, place) -> labels(NpyData.longs(in, ints(h, rows, place), place), place)));
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

  private static int[] labels(long[] values, Source place) throws PredictionFileException {
    int[] labels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] > Integer.MAX_VALUE) {
        throw place
            .at((place.place().isEmpty() ? "" : place.place() + ", ") + "element " + i)
            .refuse("a label must be a class index, got " + values[i]);
      }
      labels[i] = (int) values[i];
    }
    return labels;
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

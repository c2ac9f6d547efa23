package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Predictions from the arrays of an NPZ archive. */
final class NpzPredictions {
  private static final List<String> PROBABILITIES =
      List.of("probs", "predictions", "probabilities");
  private static final List<String> LABELS = List.of("labels", "label", "targets", "y");

  private final NpzFile npz;
  private final PredictionFiles.Options options;

  private NpzPredictions(NpzFile npz, PredictionFiles.Options options) {
    this.npz = npz;
    this.options = options;
  }

  static Predictions read(Path file, PredictionFiles.Options options) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      return new NpzPredictions(npz, options).read();
    }
  }

  /** The probabilities, or logits, of a single array without labels. */
  static Predictions readArray(Path file, PredictionFiles.Options options) throws IOException {
    Source source = new Source(file, "");
    Predictions.Builder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      matrix(builder, options.logits(), in, NpyHeader.read(in, source), source);
    }
    return PredictionFiles.build(builder, source);
  }

  private Predictions read() throws IOException {
    String values = one(PROBABILITIES);
    String logits = npz.names().contains("logits") ? "logits" : null;
    if (values == null && logits == null) {
      throw npz.source()
          .refuse(
              "an .npz file must hold probs, predictions, probabilities or logits, got "
                  + npz.names());
    }
    if (values != null && logits != null && options.logits()) {
      throw npz.source()
          .refuse("read as logits, the file must hold one of " + values + " and logits, got both");
    }
    Predictions.Builder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    String main = logits == null ? values : logits;
    int rows = matrix(builder, main, logits != null || options.logits());
    rest(builder, rows);
    Predictions read = PredictionFiles.build(builder, npz.source().at("array '" + main + "'"));
    if (values != null && logits != null) {
      compare(read, values);
    }
    return read;
  }

  /** The one name of several for the same thing, or null. */
  private String one(List<String> names) throws PredictionFileException {
    List<String> found = new ArrayList<>(names);
    found.retainAll(npz.names());
    if (found.size() > 1) {
      throw npz.source().refuse("an .npz file must hold one of " + names + ", got " + found);
    }
    return found.isEmpty() ? null : found.get(0);
  }

  private int matrix(Predictions.Builder builder, String name, boolean logits) throws IOException {
    return npz.read(name, (in, header, place) -> matrix(builder, logits, in, header, place));
  }

  private static int matrix(
      Predictions.Builder builder, boolean logits, InputStream in, NpyHeader header, Source place)
      throws IOException {
    checkFloat(header, place);
    List<Long> shape = header.shape();
    if (shape.size() != 1 && shape.size() != 2) {
      throw place.refuse("the shape must be [rows, classes], got " + header.display());
    }
    boolean binary = shape.size() == 1 || shape.get(1) == 1;
    if (logits && binary) {
      throw place.refuse(
          "logits must have one column per class, got shape "
              + header.display()
              + ": save the probability of the positive class instead");
    }
    if (header.count() == 0) {
      throw place.refuse("there must be at least 1 row and 1 class, got shape " + header.display());
    }
    double[] data = NpyData.doubles(in, header, place);
    if (binary) {
      builder.positiveProbabilities(data);
      return data.length;
    }
    int rows = Math.toIntExact(shape.get(0));
    int classes = Math.toIntExact(shape.get(1));
    Predictions.RowSource source =
        (r, into, from) -> System.arraycopy(data, from, into, from, classes);
    if (logits) {
      builder.logits(rows, classes, source);
    } else {
      builder.probabilities(rows, classes, header.type().size() < 8, source);
    }
    return rows;
  }

  private void rest(Predictions.Builder builder, int rows) throws IOException {
    String labels = one(LABELS);
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
    if (npz.names().contains("weights")) {
      builder.weights(
          npz.read(
              "weights", (in, h, place) -> NpyData.doubles(in, floats(h, rows, place), place)));
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
    checkFloat(header, place);
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
            .at(place.place() + ", element " + i)
            .refuse("a label must be a class index, got " + values[i]);
      }
      labels[i] = (int) values[i];
    }
    return labels;
  }

  private static NpyHeader ints(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    if (!header.type().isInteger()) {
      throw place.refuse(
          "labels must be integers, got "
              + header.type().display()
              + ": save them with labels.astype('int64')");
    }
    return vector(header, rows, place);
  }

  private static NpyHeader floats(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    checkFloat(header, place);
    return vector(header, rows, place);
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

  private static void checkFloat(NpyHeader header, Source place) throws PredictionFileException {
    if (!header.type().isFloat()) {
      throw place.refuse(
          "the elements must be float16, float32 or float64, got " + header.type().display());
    }
  }

  /** A vector, or a matrix of one column, of the given length; -1 for any. */
  private static NpyHeader vector(NpyHeader header, int rows, Source place)
      throws PredictionFileException {
    List<Long> shape = header.shape();
    boolean vector = shape.size() == 1 || shape.size() == 2 && shape.get(1) == 1;
    if (!vector || rows >= 0 && shape.get(0) != rows) {
      throw place.refuse(
          "the shape must be [" + (rows < 0 ? "classes" : rows) + "], got " + header.display());
    }
    return header;
  }

  /** A file with probabilities and logits is taken at its logits only if the two agree. */
  private void compare(Predictions read, String name) throws IOException {
    npz.read(
        name,
        (in, header, place) -> {
          checkFloat(header, place);
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
              throw place
                  .at(
                      place.place()
                          + ", row "
                          + i / read.classes()
                          + ", column "
                          + i % read.classes())
                  .refuse(
                      "must be the softmax of the file's logits, "
                          + softmax
                          + ", got "
                          + data[i]
                          + ": remove one of the two arrays");
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

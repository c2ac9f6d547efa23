package io.github.swag4j.cli.data;

import io.github.swag4j.calibration.io.table.TableColumn;
import io.github.swag4j.calibration.io.table.TableColumn.Kind;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableRows;
import io.github.swag4j.calibration.io.table.TableValues;
import io.github.swag4j.calibration.io.text.TableFiles;
import io.github.swag4j.vision.data.Conversion;
import io.github.swag4j.vision.data.EncodedImages;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import io.github.swag4j.vision.data.UndividedSplit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Images or features in Parquet files, with a column {@code label} or without.
 *
 * <p>A column of structures with {@code bytes} in them, as Hugging Face has images, or one called
 * {@code image} or {@code img}, holds PNG or JPEG files; one of lists holds pixels or features.
 * Other columns are left out then. Where there is no such column, every one but the label is a
 * feature.
 */
final class TableImages {
  private static final String BYTES = "bytes";

  /**
   * Columns by what they are.
   *
   * @param label index of the labels, -1 for none
   * @param values indices of those that hold images, lists or features
   * @param encoded of structures which part holds an image, 0 of single values; -1 for numbers
   * @param features whether each column is a feature
   */
  private record Roles(int label, List<Integer> values, int encoded, boolean features) {}

  /** Takes the bytes of an image. */
  private static final class Encoded implements TableValues {
    private final int part;
    private int at;
    private byte[] content;

    Encoded(int part) {
      this.part = part;
    }

    /** The bytes taken last; null if there were none. */
    byte[] take() {
      byte[] taken = content;
      content = null;
      at = 0;
      return taken;
    }

    @Override
    public void bytes(ByteBuffer value) {
      if (at++ == part) {
        content = new byte[value.remaining()];
        value.get(content);
      }
    }

    @Override
    public void number(double value) {
      at++;
    }

    @Override
    public void whole(long value) {
      at++;
    }

    @Override
    public void digits(String decimal) {
      at++;
    }

    @Override
    public void text(String text) {
      at++;
    }

    @Override
    public void truth(boolean value) {
      at++;
    }

    @Override
    public void nothing() {
      at++;
    }
  }

  private final Path place;
  private final String name;
  private final Conversion conversion;
  private final List<Path> files;
  private final TableFile first;
  private final Roles roles;

  private TableImages(Path place, String name, Conversion conversion, List<Path> files)
      throws IOException {
    this.place = place;
    this.name = name;
    this.conversion = conversion;
    this.files = files;
    first = TableFiles.open(files.get(0)).orElseThrow();
    roles = roles(files.get(0), first.columns());
  }

  /** Reads a split of what {@link TableParts} finds. */
  static ImageData read(String name, Path place, Split split, Conversion conversion)
      throws IOException {
    TableParts parts = TableParts.of(place);
    TableImages images = new TableImages(place, name, conversion, parts.of(split));
    images.requireSameColumns(parts.all());
    boolean labelled = images.roles.label >= 0;
    ImageData all = images.read(labelled ? TableLabels.of(parts.all()) : null);
    return parts.divided() || !labelled ? all : UndividedSplit.part(all, split);
  }

  /** Features are told by their place: those of training and test files must be the same. */
  private void requireSameColumns(List<Path> all) throws IOException {
    for (Path file : all) {
      List<String> names = names(TableFiles.open(file).orElseThrow());
      if (!names.equals(names(first))) {
        throw new IOException(
            file
                + ": must have the columns of "
                + files.get(0)
                + " in their order, "
                + names(first)
                + ", got "
                + names
                + ": write both alike");
      }
    }
  }

  private static List<String> names(TableFile table) {
    return table.columns().stream().map(TableColumn::name).toList();
  }

  private static Roles roles(Path file, List<TableColumn> columns) throws IOException {
    int label = -1;
    List<Integer> images = new ArrayList<>();
    List<Integer> lists = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      TableColumn column = columns.get(c);
      if (column.name().equals(TableLabels.COLUMN) && column.kind() == Kind.VALUE) {
        label = c;
      } else if (column.kind() == Kind.OBJECT && column.parts().contains(BYTES)
          || column.kind() == Kind.VALUE && List.of("image", "img").contains(column.name())) {
        images.add(c);
      } else if (column.kind() == Kind.LIST) {
        lists.add(c);
      } else {
        others.add(c);
      }
    }
    List<Integer> data = images.isEmpty() ? lists : images;
    if (data.size() > 1) {
      throw new IOException(
          file
              + ": must have one column of images or lists of numbers, got '"
              + columns.get(data.get(0)).name()
              + "' and '"
              + columns.get(data.get(1)).name()
              + "': write a file with one of them");
    }
    if (!data.isEmpty()) {
      TableColumn column = columns.get(data.get(0));
      int part = column.kind() == Kind.OBJECT ? column.parts().indexOf(BYTES) : 0;
      return new Roles(label, data, images.isEmpty() ? -1 : part, false);
    }
    for (int c : others) {
      TableColumn column = columns.get(c);
      if (column.kind() != Kind.VALUE) {
        throw new IOException(
            file
                + ": column '"
                + column.name()
                + "' must be a number, a list of numbers or the bytes of an image, got "
                + column.what()
                + ": store PNG, or one list of all numbers of an image");
      }
    }
    if (others.isEmpty()) {
      throw new IOException(file + ": must have images, lists of numbers or features, got none");
    }
    return new Roles(label, others, -1, true);
  }

  private ImageData read(TableLabels meaning) throws IOException {
    List<TableFile> tables = new ArrayList<>();
    long rows = 0;
    for (Path file : files) {
      TableFile table = TableFiles.open(file).orElseThrow();
      if (!table.columns().equals(first.columns())) {
        throw new IOException(
            file + ": must have the columns of " + files.get(0) + ": write both alike");
      }
      tables.add(table);
      rows += table.rows();
    }
    if (rows == 0 || rows > Integer.MAX_VALUE - 8) {
      throw new IOException(place + " must have between 1 and 2^31 rows, got " + rows);
    }
    int[] labels = meaning == null ? null : new int[(int) rows];
    TablePixels pixels = new TablePixels(place, rows, roles.features);
    EncodedImages images = new EncodedImages(conversion);
    int row = 0;
    for (int t = 0; t < tables.size(); t++) {
      row = read(files.get(t), tables.get(t), row, meaning, labels, pixels, images);
    }
    List<String> names = meaning == null ? List.of() : meaning.names();
    if (roles.encoded >= 0) {
      return images.build(place.toString(), name, labels, names);
    }
    try {
      ImageData read = pixels.build(name, labels, names, conversion.layout());
      return conversion.apply(roles.features ? read.withFeatureNames(features()) : read);
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  private List<String> features() {
    return roles.values.stream().map(c -> first.columns().get(c).name()).toList();
  }

  /** Reads the rows of a file, of which so many come before; gives how many do then. */
  private int read(
      Path file,
      TableFile table,
      int before,
      TableLabels meaning,
      int[] labels,
      TablePixels pixels,
      EncodedImages images)
      throws IOException {
    List<Integer> asked = new ArrayList<>(roles.values);
    asked.addAll(meaning == null ? List.of() : List.of(roles.label));
    TableLabels.Word word = new TableLabels.Word();
    Encoded encoded = new Encoded(roles.encoded);
    int row = before;
    try (TableRows rows = table.open(asked)) {
      for (int here = 1; rows.advance(); here++) {
        String at = file + ", row " + here;
        for (int k = 0; k < roles.values.size(); k++) {
          rows.read(k, roles.encoded >= 0 ? encoded : pixels);
        }
        if (roles.encoded >= 0) {
          byte[] content = encoded.take();
          if (content == null) {
            throw new IOException(at + ": must hold the bytes of a PNG or JPEG file, got none");
          }
          images.add(at, content);
        } else {
          pixels.endRow(at, row + 1L);
        }
        if (meaning != null) {
          rows.read(roles.values.size(), word);
          labels[row] = meaning.index(TableLabels.require(word.take(), file, here));
        }
        row++;
      }
    }
    return row;
  }
}

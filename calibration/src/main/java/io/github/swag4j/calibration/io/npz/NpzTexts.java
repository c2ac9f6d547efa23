package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The elements of one array of an NPZ file as texts, whatever the array means. */
public final class NpzTexts {
  private NpzTexts() {}

  /** Reads an array {@code [rows]} of texts, integers or numbers by its name. */
  public static String[] read(Path file, String name) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      if (!npz.names().contains(name)) {
        throw npz.source()
            .refuse(
                "the file must have the array '"
                    + name
                    + "', got "
                    + UsualNames.shown(List.copyOf(npz.names())));
      }
      return npz.read(
          name,
          (in, header, place) -> {
            if (header.shape().size() != 1) {
              throw place.refuse("must have one value a row, got shape " + header.display());
            }
            NpyType type = header.type();
            if (type.isText()) {
              return NpyData.texts(in, header, place);
            }
            if (type.isFloat()) {
              double[] numbers = NpyData.doubles(in, header, place);
              return Arrays.stream(numbers).mapToObj(NpzTexts::text).toArray(String[]::new);
            }
            long[] numbers = NpyData.longs(in, header, place);
            return Arrays.stream(numbers).mapToObj(Long::toString).toArray(String[]::new);
          });
    }
  }

  /** 3 rather than 3.0. */
  private static String text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? new BigDecimal(number).toPlainString()
        : Double.toString(number);
  }
}

package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * CRC-32C of the inputs of one pass, an array at a time, so that the size of batches is no part.
 */
final class InputChecksums {
  private final List<CRC32C> arrays = new ArrayList<>();

  void add(NDList batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (arrays.size() == i) {
        arrays.add(new CRC32C());
      }
      NDArray array = batch.get(i);
      arrays.get(i).update(array.toByteBuffer(true));
    }
  }

  /** The checksums as text: eight hexadecimal digits for each input. */
  String text() {
    StringBuilder out = new StringBuilder();
    for (CRC32C crc : arrays) {
      out.append(out.isEmpty() ? "" : ",");
      out.append(String.format(Locale.ROOT, "%08x", crc.getValue()));
    }
    return out.toString();
  }
}

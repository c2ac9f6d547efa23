package io.github.swag4j.calibration.provenance;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Predictions;

/**
 * Hashes of labelled rows, of their shapes and of ids, the same in every process. A row is its
 * probabilities rounded to float32 and its label; its shape is what is left when the classes lose
 * their names: the probabilities in any order and that of the label.
 */
final class RowHashes {
  static final long FIRST_SEED = 0x243F6A8885A308D3L;
  static final long SECOND_SEED = 0x13198A2E03707344L;
  private static final long ID_SEED = 0xA4093822299F31D0L;
  private static final long SHAPE_SEED = 0x082EFA98EC4E6C89L;

  private RowHashes() {}

  /** Hashes of all rows. */
  static long[] of(Predictions predictions, long seed) {
    long[] out = new long[predictions.rows()];
    for (int row = 0; row < out.length; row++) {
      long h = mix(seed + predictions.label(row));
      for (int k = 0; k < predictions.classes(); k++) {
        h = mix(h ^ bits(predictions.probability(row, k)));
      }
      out[row] = h;
    }
    return out;
  }

  /** Hashes of the shapes of all rows. */
  static long[] ofShapes(Predictions predictions) {
    long[] out = new long[predictions.rows()];
    for (int row = 0; row < out.length; row++) {
      // A sum, so that the order of the classes does not matter.
      long sum = 0;
      for (int k = 0; k < predictions.classes(); k++) {
        sum += mix(SHAPE_SEED ^ bits(predictions.probability(row, k)));
      }
      out[row] = mix(sum ^ mix(bits(predictions.probability(row, predictions.label(row)))));
    }
    return out;
  }

  /** 32 bits of an id: enough beside those of the row. */
  static int ofId(String id) {
    long h = mix(ID_SEED + id.length());
    for (int i = 0; i < id.length(); i++) {
      h = mix(h ^ id.charAt(i));
    }
    return (int) h;
  }

  private static int bits(double probability) {
    // Adding 0 turns -0 into 0.
    return Float.floatToIntBits((float) probability + 0f);
  }

  private static long mix(long value) {
    return SplitMix.mix(value + SplitMix.GAMMA);
  }
}

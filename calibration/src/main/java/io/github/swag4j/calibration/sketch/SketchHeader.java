package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What the bytes of a sketch begin with: what it judges, in which bins, of how many classes. */
record SketchHeader(
    BinningConvention convention, SketchEvent event, boolean weighted, int classes) {

  /** Reads what says that these are a sketch's bytes, of a version that is read here. */
  static void beginning(ByteBuffer in) throws SketchFormatException {
    byte[] magic = new byte[SketchFormat.MAGIC.length];
    in.get(magic, 0, Math.min(magic.length, in.remaining()));
    require(
        Arrays.equals(magic, SketchFormat.MAGIC),
        "a calibration sketch must start with the bytes %s",
        new String(SketchFormat.MAGIC, StandardCharsets.US_ASCII));
    int version = Short.toUnsignedInt(in.getShort());
    require(
        version == SketchFormat.VERSION,
        "version must be %d, got %d: written by another swag4j",
        SketchFormat.VERSION,
        version);
  }

  /** Reads the rest. */
  @SuppressWarnings("EnumOrdinal") // the format's numbers
  static SketchHeader read(ByteBuffer in) throws SketchFormatException {
    int flags = Byte.toUnsignedInt(in.get());
    boolean weighted = (flags & SketchFormat.WEIGHTED) != 0;
    int which = flags >>> SketchFormat.EVENT_SHIFT;
    require(which < SketchEvent.values().length, "flags must be below 6, got %d", flags);
    SketchEvent event = SketchEvent.values()[which];
    byte[] name = new byte[Byte.toUnsignedInt(in.get())];
    in.get(name);
    String called = new String(name, StandardCharsets.US_ASCII);
    require(called.matches("[a-z0-9-]{1,40}"), "the convention's name must be of letters a to z");
    int asked = in.getInt();
    int classes = in.getInt();
    BinningConvention convention;
    try {
      convention = BinningConvention.named(called).withBins(asked);
      SketchShape.check(classes, convention);
    } catch (IllegalArgumentException e) {
      throw new SketchFormatException(e.getMessage());
    }
    require(
        event != SketchEvent.POSITIVE_CLASS || classes == 2,
        "a sketch of the positive class must have 2 classes, got %d",
        classes);
    return new SketchHeader(convention, event, weighted, classes);
  }

  /** Bins that a sketch of this convention has, its own one too. */
  int bins() {
    return convention.fixedCount();
  }

  /** Refuses bytes of which the rule does not hold. */
  static void require(boolean holds, String rule, Object... values) throws SketchFormatException {
    if (!holds) {
      throw new SketchFormatException(String.format(Locale.ROOT, rule, values));
    }
  }
}

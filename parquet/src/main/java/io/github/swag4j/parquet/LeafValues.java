package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.SchemaElement;

/**
 * Takes stored values for what they stand for. All exactly; float32 as float64 of the same value.
 */
final class LeafValues {
  private static final long NANOSECONDS = 1_000_000_000;

  /** The Julian day of 1 January 1970, from which INT96 counts otherwise. */
  private static final long EPOCH_DAY = 2_440_588;

  /** Of a decimal, 400 digits and more. */
  private static final int MOST_DECIMAL_BYTES = 170;

  private LeafValues() {}

  /** Gives the value at hand of a column. */
  interface Reader {
    void read(ColumnReader from, TableValues into);
  }

  static boolean isRead(SchemaElement element) {
    return LeafType.of(element) != LeafType.NONE;
  }

  /** The type in words, the same for what is read the same way. */
  static String type(SchemaElement element) {
    LeafType type = LeafType.of(element);
    String stored = element.getType().name().toLowerCase(Locale.ROOT);
    int bits = LeafType.bits(element);
    return switch (type) {
      case PLAIN -> bits > 0 ? "int" + bits : stored;
      case UNSIGNED -> "uint" + (bits > 0 ? bits : stored.substring("int".length()));
      case DECIMAL -> "decimal of scale " + LeafType.scale(element);
      case HALF -> "float16";
      case NONE -> stored + " of a kind that is not read";
      case BYTES -> "text";
      case TEXT, UUID, DATE, TIME, TIMESTAMP -> type.name().toLowerCase(Locale.ROOT);
    };
  }

  /** What reads the values of a leaf. */
  static Reader of(SchemaElement element) {
    return switch (LeafType.of(element)) {
      case PLAIN -> plain(element);
      case UNSIGNED -> unsigned(element);
      case DECIMAL -> decimal(element, LeafType.scale(element));
      case HALF -> (from, into) -> into.number(half(from.getBinary().toByteBuffer()));
      case TEXT -> text();
      case BYTES -> (from, into) -> into.bytes(from.getBinary().toByteBuffer());
      case UUID -> (from, into) -> into.text(uuid(from.getBinary().toByteBuffer()));
      case DATE -> (from, into) -> into.text(LocalDate.ofEpochDay(from.getInteger()).toString());
      case TIME -> time(element);
      case TIMESTAMP -> timestamp(element);
      case NONE -> throw new IllegalArgumentException("values of a kind that is not read");
    };
  }

  private static Reader plain(SchemaElement element) {
    return switch (element.getType()) {
      case BOOLEAN -> (from, into) -> into.truth(from.getBoolean());
      case INT32 -> (from, into) -> into.whole(from.getInteger());
      case INT64 -> (from, into) -> into.whole(from.getLong());
      case FLOAT -> (from, into) -> into.number(from.getFloat());
      case DOUBLE -> (from, into) -> into.number(from.getDouble());
      default -> throw new IllegalArgumentException("no number: " + element.getType());
    };
  }

  private static Reader unsigned(SchemaElement element) {
    return element.getType() == org.apache.parquet.format.Type.INT32
        ? (from, into) -> into.whole(Integer.toUnsignedLong(from.getInteger()))
        : (from, into) -> into.digits(Long.toUnsignedString(from.getLong()));
  }

  private static Reader decimal(SchemaElement element, int scale) {
    return switch (element.getType()) {
      case INT32 ->
          (from, into) -> into.digits(BigDecimal.valueOf(from.getInteger(), scale).toPlainString());
      case INT64 ->
          (from, into) -> into.digits(BigDecimal.valueOf(from.getLong(), scale).toPlainString());
      default -> (from, into) -> into.digits(decimal(from.getBinary().getBytes(), scale));
    };
  }

  private static String decimal(byte[] unscaled, int scale) {
    if (unscaled.length > MOST_DECIMAL_BYTES) {
      throw new IllegalArgumentException(
          "a decimal must have at most " + MOST_DECIMAL_BYTES + " bytes, got " + unscaled.length);
    }
    return new BigDecimal(new BigInteger(unscaled), scale).toPlainString();
  }

  private static Reader text() {
    CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
    return (from, into) -> {
      try {
        into.text(strict.decode(from.getBinary().toByteBuffer()).toString());
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("text must be UTF-8, got other bytes", e);
      }
    };
  }

  /** IEEE 754 binary16, exactly. */
  static double half(ByteBuffer stored) {
    int bits = stored.order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude =
        exponent == 0x1F
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb((double) (fraction | 0x400), exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  private static String uuid(ByteBuffer stored) {
    ByteBuffer bytes = stored.slice().order(ByteOrder.BIG_ENDIAN);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static Reader time(SchemaElement element) {
    long unit = LeafType.nanoseconds(element);
    return element.getType() == org.apache.parquet.format.Type.INT32
        ? (from, into) -> into.text(LocalTime.ofNanoOfDay(from.getInteger() * unit).toString())
        : (from, into) ->
            into.text(LocalTime.ofNanoOfDay(Math.multiplyExact(from.getLong(), unit)).toString());
  }

  private static Reader timestamp(SchemaElement element) {
    boolean instant = LeafType.isInstant(element);
    if (element.getType() == org.apache.parquet.format.Type.INT96) {
      return (from, into) -> into.text(shown(int96(from.getBinary().toByteBuffer()), instant));
    }
    long perSecond = NANOSECONDS / LeafType.nanoseconds(element);
    return (from, into) -> {
      long count = from.getLong();
      long seconds = Math.floorDiv(count, perSecond);
      long nanoseconds = Math.floorMod(count, perSecond) * (NANOSECONDS / perSecond);
      into.text(shown(Instant.ofEpochSecond(seconds, nanoseconds), instant));
    };
  }

  private static Instant int96(ByteBuffer stored) {
    ByteBuffer bytes = stored.slice().order(ByteOrder.LITTLE_ENDIAN);
    long nanoseconds = bytes.getLong();
    long day = bytes.getInt() - EPOCH_DAY;
    return Instant.ofEpochSecond(day * 86_400, nanoseconds);
  }

  private static String shown(Instant time, boolean instant) {
    return instant ? time.toString() : time.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
  }
}

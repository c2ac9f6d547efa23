package io.github.swag4j.adapters.onnx;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A message of Protocol Buffers as fields one after the other, in the bytes it was read from.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: encoding</a>
 */
final class Wire {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int type;
  private int from;
  private int length;
  private long number;

  Wire(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.at = from;
    this.end = from + length;
  }

  /** Goes to the next field; false at the end. */
  boolean next() {
    if (at == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    from = at;
    switch (type) {
      case VARINT -> {
        number = varint();
        length = at - from;
      }
      case EIGHT_BYTES -> skip(8);
      case FOUR_BYTES -> skip(4);
      case LENGTH -> {
        long size = varint();
        from = at;
        skip(size);
      }
      default -> throw damaged("wire type " + type);
    }
    return true;
  }

  private void skip(long size) {
    if (size < 0 || size > end - at) {
      throw damaged("a field of " + size + " bytes where " + (end - at) + " are left");
    }
    length = (int) size;
    at += length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw damaged("a number that is cut off");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than 64 bits");
  }

  private IllegalArgumentException damaged(String what) {
    return new IllegalArgumentException(
        "the model must be an ONNX file (Protocol Buffers), got " + what + " at byte " + at);
  }

  int field() {
    return field;
  }

  /** Whether the field is a message, text, bytes or packed numbers. */
  boolean hasLength() {
    return type == LENGTH;
  }

  long number() {
    return number;
  }

  /** Where the field's content begins. */
  int from() {
    return from;
  }

  /** Bytes of the field's content. */
  int length() {
    return length;
  }

  Wire message() {
    if (type != LENGTH) {
      throw damaged("wire type " + type + " for a message");
    }
    return new Wire(bytes, from, length);
  }

  String text() {
    message();
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /** Takes the numbers of a packed field, or the only one of a field that is not. */
  void forEachNumber(LongConsumer consumer) {
    if (type == VARINT) {
      consumer.accept(number);
      return;
    }
    Wire packed = message();
    while (packed.at < packed.end) {
      consumer.accept(packed.varint());
    }
  }
}

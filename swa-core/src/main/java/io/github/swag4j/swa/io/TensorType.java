package io.github.swag4j.swa.io;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Type of a stored tensor's values, called as the safetensors format calls it. */
public enum TensorType {
  /** IEEE double precision. */
  F64(8, "float64"),
  /** IEEE single precision. */
  F32(4, "float32"),
  /** IEEE half precision: 11 significant bits, at most 65,504. */
  F16(2, "float16"),
  /** The upper half of a single: 8 significant bits, the range of a single. */
  BF16(2, "bfloat16"),
  /** Signed integers of 64 bits. */
  I64(8, "int64"),
  /** Signed integers of 32 bits. */
  I32(4, "int32"),
  /** Signed integers of 16 bits. */
  I16(2, "int16"),
  /** Signed integers of 8 bits. */
  I8(1, "int8"),
  /** Unsigned integers of 64 bits. */
  U64(8, "uint64"),
  /** Unsigned integers of 32 bits. */
  U32(4, "uint32"),
  /** Unsigned integers of 16 bits. */
  U16(2, "uint16"),
  /** Unsigned integers of 8 bits. */
  U8(1, "uint8"),
  /** Truth values, a byte each. */
  BOOL(1, "bool"),
  /** Complex numbers of two singles. */
  C64(8, "complex64"),
  /** Eight bits, two of them for the fraction. */
  F8_E5M2(1, "float8_e5m2"),
  /** Eight bits, three of them for the fraction. */
  F8_E4M3(1, "float8_e4m3fn"),
  /** Eight bits of a power of two. */
  F8_E8M0(1, "float8_e8m0fnu");

  private final int bytes;
  private final String torchName;

  TensorType(int bytes, String torchName) {
    this.bytes = bytes;
    this.torchName = torchName;
  }

  /**
   * Size of a value.
   *
   * @return bytes, from 1 to 8
   */
  public int bytes() {
    return bytes;
  }

  /**
   * What PyTorch calls the type.
   *
   * @return the name, without {@code torch.}
   */
  public String torchName() {
    return torchName;
  }

  /**
   * Whether the values are real numbers that an average of makes sense: double, single and the two
   * half precisions.
   *
   * @return true for F64, F32, F16 and BF16
   */
  public boolean isReal() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /**
   * Whether the values are integers or truth values.
   *
   * @return true if so
   */
  public boolean isInteger() {
    return !isReal() && !torchName.startsWith("float8") && this != C64;
  }

  /**
   * The type of a name, as safetensors or as PyTorch says it, in capitals or not.
   *
   * @param name e.g. {@code BF16} or {@code bfloat16}
   * @return the type, empty if there is none of that name
   */
  public static Optional<TensorType> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(t -> t.torchName.equals(lower) || t.name().toLowerCase(Locale.ROOT).equals(lower))
        .findFirst();
  }
}

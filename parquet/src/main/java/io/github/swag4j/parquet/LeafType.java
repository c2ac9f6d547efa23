package io.github.swag4j.parquet;

import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;

/** What stored values stand for, by both of the ways in which schemas say so. */
enum LeafType {
  /** Numbers, and true and false, as they are stored. */
  PLAIN,
  /** Whole numbers of 0 and more. */
  UNSIGNED,
  /** Whole numbers with a decimal point to be put in. */
  DECIMAL,
  /** Floating-point numbers of 16 bits. */
  HALF,
  /** Text. */
  TEXT,
  /** Bytes of which nothing is said. */
  BYTES,
  /** An identifier of 16 bytes. */
  UUID,
  /** Days. */
  DATE,
  /** Times of day. */
  TIME,
  /** Dates with times. */
  TIMESTAMP,
  /** What is not read. */
  NONE;

  private static final int MOST_DIGITS = 400;

  /** What the values of a leaf stand for. */
  static LeafType of(SchemaElement element) {
    LeafType said =
        element.isSetLogicalType()
            ? of(element, element.getLogicalType())
            : element.isSetConverted_type() ? of(element, element.getConverted_type()) : PLAIN;
    return switch (element.getType()) {
      case BOOLEAN, FLOAT, DOUBLE -> said == PLAIN ? PLAIN : NONE;
      case INT96 -> said == PLAIN ? TIMESTAMP : NONE;
      case INT32 -> said == TEXT || said == HALF || said == UUID ? NONE : said;
      case INT64 -> said == TEXT || said == HALF || said == UUID || said == DATE ? NONE : said;
      case BYTE_ARRAY -> said == PLAIN ? BYTES : said == TEXT || said == DECIMAL ? said : NONE;
      case FIXED_LEN_BYTE_ARRAY ->
          said == DECIMAL
                  || said == HALF && element.getType_length() == Short.BYTES
                  || said == UUID && element.getType_length() == 2 * Long.BYTES
              ? said
              : NONE;
    };
  }

  private static LeafType of(SchemaElement element, LogicalType type) {
    if (type.isSetSTRING() || type.isSetENUM() || type.isSetJSON()) {
      return TEXT;
    }
    if (type.isSetDECIMAL()) {
      return decimal(type.getDECIMAL().getScale());
    }
    if (type.isSetINTEGER()) {
      return type.getINTEGER().isIsSigned() ? PLAIN : UNSIGNED;
    }
    if (type.isSetDATE()) {
      return DATE;
    }
    if (type.isSetTIME()) {
      return TIME;
    }
    if (type.isSetTIMESTAMP()) {
      return TIMESTAMP;
    }
    if (type.isSetFLOAT16()) {
      return HALF;
    }
    if (type.isSetUUID()) {
      return UUID;
    }
    // A column of nothing but null.
    return type.isSetUNKNOWN() && element.getType() == org.apache.parquet.format.Type.INT32
        ? PLAIN
        : NONE;
  }

  private static LeafType decimal(int scale) {
    return scale < 0 || scale > MOST_DIGITS ? NONE : DECIMAL;
  }

  private static LeafType of(SchemaElement element, ConvertedType type) {
    return switch (type) {
      case UTF8, ENUM, JSON -> TEXT;
      case DECIMAL -> decimal(element.getScale());
      case DATE -> DATE;
      case TIME_MILLIS, TIME_MICROS -> TIME;
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS -> TIMESTAMP;
      case UINT_8, UINT_16, UINT_32, UINT_64 -> UNSIGNED;
      case INT_8, INT_16, INT_32, INT_64 -> PLAIN;
      case MAP, MAP_KEY_VALUE, LIST, BSON, INTERVAL -> NONE;
    };
  }

  /** Digits after the point of decimals. */
  static int scale(SchemaElement element) {
    return element.isSetLogicalType() && element.getLogicalType().isSetDECIMAL()
        ? element.getLogicalType().getDECIMAL().getScale()
        : element.getScale();
  }

  /** Nanoseconds of the unit in which a leaf counts time. */
  static long nanoseconds(SchemaElement element) {
    if (element.isSetLogicalType()) {
      LogicalType type = element.getLogicalType();
      TimeUnit unit = type.isSetTIME() ? type.getTIME().getUnit() : type.getTIMESTAMP().getUnit();
      return unit.isSetMILLIS() ? 1_000_000 : unit.isSetMICROS() ? 1_000 : 1;
    }
    ConvertedType type = element.getConverted_type();
    return type == ConvertedType.TIME_MILLIS || type == ConvertedType.TIMESTAMP_MILLIS
        ? 1_000_000
        : 1_000;
  }

  /** Whether times are those of one place on earth, in UTC, and not of every place's own clock. */
  static boolean isInstant(SchemaElement element) {
    return element.isSetLogicalType()
        ? element.getLogicalType().getTIMESTAMP().isIsAdjustedToUTC()
        : element.getType() != org.apache.parquet.format.Type.INT96;
  }

  /** The width of integers that is said, or 0 if it is that of their storage. */
  static int bits(SchemaElement element) {
    if (element.isSetLogicalType() && element.getLogicalType().isSetINTEGER()) {
      return element.getLogicalType().getINTEGER().getBitWidth();
    }
    if (element.isSetConverted_type()) {
      String digits = element.getConverted_type().name().replaceFirst("^U?INT_", "");
      return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }
    return 0;
  }
}

package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stored values stand for, each as pyarrow wrote it. */
class ParquetValuesTest {
  private static final Path KINDS = Fixtures.file("pyarrow-kinds.parquet");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int8 | -128 | 0 | 127",
        "uint8 | 0 | 1 | 255",
        "int16 | -32768 | 0 | 32767",
        "uint16 | 0 | 1 | 65535",
        "int32 | -2147483648 | 0 | 2147483647",
        "uint32 | 0 | 1 | 4294967295",
        "int64 | -9223372036854775808 | 0 | 9223372036854775807",
        "uint64 | 0 | 1 | 18446744073709551615",
        "truth | true | false | ''",
        "none | '' | '' | ''",
        "decimal9 | -1.05 | 0.00 | 9999999.99",
        "decimal38 | -1.0000000000000000000000000005 | 0.0000000000000000000000000000"
            + " | 7.0000000000000000000000000000",
        "date | 1969-12-31 | 2026-11-29 | ''",
        "time | 01:02:03.004 | 00:00 | 23:59:59",
        "local | 2026-11-29T03:25 | 1960-01-01T00:00:00.000001 | ''",
        "utc | 2026-11-29T03:25:00Z | 1960-01-01T00:00:00Z | ''",
        "bytes | plain | süß | ''",
        "uuid | 00000000-0000-0000-0000-000000000001 | 00000000-0000-0000-0000-000000000002"
            + " | 80000000-0000-0000-0000-000000000000",
        "label | cat | dog | dog",
        "cat | 0.25 | 0.5 | 0.125",
        "dog | 0.75 | 0.5 | 0.875"
      })
  void areTextsAsATableWouldHaveThem(String name, String first, String second, String third)
      throws IOException {
    assertThat(ColumnTexts.read(KINDS, name, 3)).containsExactly(first, second, third);
  }

  @Test
  void textsKeepQuotesCommasAndLines() throws IOException {
    assertThat(ColumnTexts.read(KINDS, "quoted", 3))
        .containsExactly("a \"b\", c", "line\nline", "");
  }

  @Test
  void float32IsTheDoubleOfTheSameValue() throws IOException {
    Predictions read = PredictionFiles.read(Fixtures.file("thirds.parquet"));
    // 1/3 and 2/3 as float32, which sum to 1.
    assertThat(read.probability(0, 0)).isEqualTo(1f / 3);
    assertThat(read.probability(0, 1)).isEqualTo(2f / 3);
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "3C00, 1",
    "C000, -2",
    "0001, 5.9604644775390625E-8",
    "03FF, 6.097555160522461E-5",
    "0400, 6.103515625E-5",
    "7BFF, 65504",
    "3555, 0.333251953125",
    "7C00, Infinity",
    "FC00, -Infinity",
    "7E00, NaN"
  })
  void float16IsIeee754(String bits, double expected) {
    ByteBuffer stored = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    stored.putShort(0, (short) Integer.parseInt(bits, 16));
    assertThat(Double.toString(LeafValues.half(stored))).isEqualTo(Double.toString(expected));
  }
}

package io.github.swag4j.calibration.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {

  private static double parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return Decimal.parse(bytes, 0, bytes.length);
  }

  private static void sameBitsAsTheJdk(String text) {
    assertThat(Double.doubleToRawLongBits(parse(text)))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "1",
        "1.",
        ".5",
        "+.5",
        "0.1",
        "1e-5",
        "1E+5",
        "1e0",
        "000.25",
        " 0.25 ",
        "0.00000000000000000000000000000000000000001",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "9007199254740993",
        "9007199254740993e0",
        "9007199254740991.5",
        "0.30000000000000004",
        "2.2250738585072011e-308",
        "4.9e-324",
        "1.7976931348623157e308",
        "1e23",
        "8.5e22",
        "3.0517578125e-05",
        "1e-60",
        "1e60",
        "123456789012345678901234567890",
        "0.10000000149011612",
        "1.00000000000000011102230246251565",
        "5e-324",
        "2.5e-324",
        "1e-400"
      })
  void hardCasesAreRoundedAsTheJdkRoundsThem(String text) {
    sameBitsAsTheJdk(text.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "1.2.3",
        "1,5",
        "abc",
        "0x10",
        "1d",
        "1f",
        "nan",
        "NaN",
        "inf",
        "Infinity",
        "1e400",
        "--1",
        "1 2",
        "1e5.5",
        "e",
        "-e",
        "1-1",
        "+e+",
        "0x1p3",
        "1\t"
      })
  void whatIsNotAFiniteDecimalIsRefused(String text) {
    assertThat(parse(text)).isNaN();
  }

  @Test
  void printedDoublesComeBackAsTheSameBits() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 200_000; i++) {
      double unit = random.nextDouble();
      sameBitsAsTheJdk(Double.toString(unit));
      sameBitsAsTheJdk(Double.toString((float) unit * 1e-6));
    }
  }

  @Test
  void randomDigitsAndExponentsAreRoundedAsTheJdkRoundsThem() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 200_000; i++) {
      long digits = random.nextLong() >>> 1 >>> random.nextInt(60);
      sameBitsAsTheJdk(digits + "e" + random.nextInt(-62, 63));
    }
  }

  @Test
  void numbersHalfwayBetweenTwoDoublesGoToTheEvenOne() {
    SplittableRandom random = new SplittableRandom(13);
    for (int i = 0; i < 50_000; i++) {
      long odd = (1L << 53) + 2 * random.nextLong(1L << 52) + 1;
      sameBitsAsTheJdk(Long.toString(odd));
      sameBitsAsTheJdk(odd + "0e-1");
      sameBitsAsTheJdk(odd - 1 + ".5");
    }
  }

  @Test
  void numbersAsProgramsPrintThemAreTheNearestDoubles() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      int digits = random.nextInt(20);
      double value = random.nextDouble() * Math.pow(10, random.nextInt(-3, 4));
      sameBitsAsTheJdk(String.format(java.util.Locale.ROOT, "%." + digits + "f", value));
      sameBitsAsTheJdk(Float.toString((float) value));
    }
  }

  @Test
  void textThatIsAlmostANumberIsNone() {
    for (String text : new String[] {"", ".", "1.2.3", "1,2", "0x1", "1e", "--1", "12a", "1 2"}) {
      assertThat(parse(text)).as(text).isNaN();
    }
  }

  @Test
  void everyBitPatternOfADoubleComesBackSubnormalsToo() {
    SplittableRandom random = new SplittableRandom(14);
    for (int i = 0; i < 50_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      double subnormal = Double.longBitsToDouble(random.nextLong() >>> 12);
      if (Double.isFinite(any)) {
        sameBitsAsTheJdk(Double.toString(any));
      }
      sameBitsAsTheJdk(Double.toString(subnormal));
    }
  }

  /** The digits of the point halfway between two doubles, and one digit more or less: 20 to 780. */
  @Test
  void longTextsAreRoundedByTheirLastDigit() {
    SplittableRandom random = new SplittableRandom(15);
    for (int i = 0; i < 2_000; i++) {
      double below = Double.longBitsToDouble(random.nextLong() >>> (i % 4 == 0 ? 12 : 2));
      String halfway =
          new BigDecimal(below)
              .add(new BigDecimal(Math.nextUp(below)))
              .divide(BigDecimal.valueOf(2))
              .toString();
      sameBitsAsTheJdk(halfway);
      sameBitsAsTheJdk(new BigDecimal(below).toString());
      int exponent = halfway.indexOf('E') < 0 ? halfway.length() : halfway.indexOf('E');
      String more = halfway.contains(".") ? "1" : ".1";
      sameBitsAsTheJdk(halfway.substring(0, exponent) + more + halfway.substring(exponent));
    }
  }
}

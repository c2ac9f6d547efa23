package io.github.swag4j.calibration.io.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class Crc32CombinationTest {

  private static long crc(byte[]... pieces) {
    CRC32 crc = new CRC32();
    for (byte[] piece : pieces) {
      crc.update(piece);
    }
    return crc.getValue();
  }

  @Property
  void isTheChecksumOfBothPieces(@ForAll byte[] first, @ForAll byte[] second) {
    assertThat(Crc32Combination.of(crc(first), crc(second), second.length))
        .isEqualTo(crc(first, second));
  }

  @Property(tries = 20)
  void lengthsMayBeLong(@ForAll byte[] first) {
    byte[] second = new byte[1_234_567];
    assertThat(Crc32Combination.of(crc(first), crc(second), second.length))
        .isEqualTo(crc(first, second));
  }
}

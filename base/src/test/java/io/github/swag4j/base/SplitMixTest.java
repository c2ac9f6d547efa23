package io.github.swag4j.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SplitMixTest {

  /** Of the reference implementation in C, https://prng.di.unimi.it/splitmix64.c. */
  @Test
  void firstNumbersAreThoseOfTheReference() {
    SplitMix random = new SplitMix(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    assertThat(random.nextLong()).isEqualTo(4593380528125082431L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
  }

  @Property(tries = 200)
  void numbersAreTheFinaliserOfTheStateAndThoseOfTheJdk(@ForAll long seed) {
    SplitMix random = new SplitMix(seed);
    SplittableRandom jdk = new SplittableRandom(seed);
    for (int i = 1; i <= 5; i++) {
      long expected = jdk.nextLong();
      assertThat(random.nextLong()).isEqualTo(expected);
      assertThat(SplitMix.mix(seed + i * SplitMix.GAMMA)).isEqualTo(expected);
    }
  }
}

package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineMemoryTest {
  private static final long ARRAY = 24L << 20;
  private static final int ROUNDS = 100;
  private static final long PAGE = 4096;

  /** Without it each round pays for the 6,144 pages of the array again: 600,000 faults. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void freedArraysAreUsedAgainWithoutNewPages() throws IOException {
    assertThat(EngineMemory.keep(Map.of())).isTrue();
    Function malloc = Function.getFunction(Platform.C_LIBRARY_NAME, "malloc");
    Function free = Function.getFunction(Platform.C_LIBRARY_NAME, "free");
    allocate(malloc, free);
    long before = pageFaults();
    for (int i = 0; i < ROUNDS; i++) {
      allocate(malloc, free);
    }
    assertThat(pageFaults() - before).isLessThan(ROUNDS * (ARRAY / PAGE) / 10);
  }

  private static void allocate(Function malloc, Function free) {
    Pointer array = malloc.invokePointer(new Object[] {ARRAY});
    array.setMemory(0, ARRAY, (byte) 1);
    free.invokeVoid(new Object[] {array});
  }

  /** Field 10 of the process's line: minor faults; the name before may hold blanks. */
  private static long pageFaults() throws IOException {
    String line = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[7]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MALLOC_ARENA_MAX", "GLIBC_TUNABLES", "LD_PRELOAD"})
  void whatTheUserSaidOfMemoryStays(String variable) {
    assertThat(EngineMemory.keep(Map.of(variable, "1"))).isFalse();
  }
}

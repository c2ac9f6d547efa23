package io.github.swag4j.swa.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Processors on which the engine's oneDNN is known to make wrong code, by what Linux says of them.
 * A processor is on the list after the comparison of {@link EngineConvolutions} has found it out;
 * that oneDNN is right on the others is not said.
 */
final class WrongProcessors {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** Families of AMD's processors: 26 are those of Zen 5. */
  private static final List<String> AMD_FAMILIES = List.of("26");

  private WrongProcessors() {}

  /** Name of this machine's processor if it is one of them; empty also where it cannot be known. */
  static Optional<String> ofThisMachine() {
    if (oneDnnIsLimited(System.getenv("ONEDNN_MAX_CPU_ISA"))) {
      return Optional.empty();
    }
    try {
      return of(Files.readAllLines(CPUINFO));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Whether the user has it make the one code that is right there: it is compared, then. */
  static boolean oneDnnIsLimited(String isa) {
    return isa != null && isa.equalsIgnoreCase("SSE41");
  }

  /**
   * Looks at the first processor.
   *
   * @param lines of /proc/cpuinfo
   */
  static Optional<String> of(List<String> lines) {
    boolean amd = value(lines, "vendor_id").filter("AuthenticAMD"::equals).isPresent();
    return value(lines, "cpu family")
        .filter(family -> amd && AMD_FAMILIES.contains(family))
        .map(family -> value(lines, "model name").orElse("AMD") + ", family " + family);
  }

  private static Optional<String> value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.substring(0, Math.max(line.indexOf(':'), 0)).strip().equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }
}

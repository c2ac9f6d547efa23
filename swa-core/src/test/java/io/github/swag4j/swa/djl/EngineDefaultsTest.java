package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What another process's threads do is seen in other processes. */
class EngineDefaultsTest {

  /** Applies the defaults, before or after the engine is loaded, and prints the environment. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      if (arguments[0].equals("after")) {
        Engine.getInstance();
      }
      EngineDefaults.apply();
      EngineDefaults.apply();
      Function getenv = Function.getFunction(Platform.C_LIBRARY_NAME, "getenv");
      System.out.println("policy=" + getenv.invokeString(new Object[] {"OMP_WAIT_POLICY"}, false));
    }
  }

  private static String run(String when, Map<String, String> environment, String... properties)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(properties));
    command.add("-XX:ActiveProcessorCount=2");
    command.add("-Dai.djl.offline=true");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Program.class.getName());
    command.add(when);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("OMP_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void threadsSleepUnlessTheUserSaidOtherwise() throws Exception {
    assertThat(run("before", Map.of())).contains("policy=PASSIVE").doesNotContain("WARN");
    assertThat(run("before", Map.of("OMP_WAIT_POLICY", "ACTIVE")))
        .contains("policy=ACTIVE")
        .doesNotContain("WARN");
    assertThat(run("before", Map.of(), "-Dai.djl.pytorch.num_threads=1"))
        .contains("policy=null")
        .doesNotContain("WARN");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anEngineThatIsLoadedAlreadyIsWarnedOfOnce() throws Exception {
    assertThat(run("after", Map.of()))
        .contains("policy=null")
        .containsOnlyOnce("WARN io.github.swag4j.swa.djl.EngineDefaults")
        .contains("OMP_WAIT_POLICY=PASSIVE", "call EngineDefaults.apply() before");
  }
}

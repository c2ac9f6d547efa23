package io.github.swag4j.spark.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** A chain of ten steps that keeps its step, and writes down every one it takes in a log. */
record CountedChain(String log, int failingStep, int millis) implements Chain {
  static final int STEPS = 10;
  private static final AtomicInteger RUNNING = new AtomicInteger();

  @Override
  public void train(long seed, Path folder) throws Exception {
    if (RUNNING.incrementAndGet() > 1) {
      throw new IllegalStateException("two chains at a time in one process");
    }
    try {
      step(seed, folder);
    } finally {
      RUNNING.decrementAndGet();
    }
  }

  private void step(long seed, Path folder) throws Exception {
    Path at = folder.resolve("step.txt");
    int done = Files.exists(at) ? Integer.parseInt(Files.readString(at)) : 0;
    for (int step = done; step < STEPS; step++) {
      if (step == failingStep && seed == 2 && !Files.exists(folder.resolve("failed"))) {
        Files.createFile(folder.resolve("failed"));
        throw new IllegalStateException("step " + step + " fails once");
      }
      Thread.sleep(millis);
      Files.writeString(
          Path.of(log),
          seed + ":" + step + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      Files.writeString(at, Integer.toString(step + 1));
    }
    Engine.getEngine("PyTorch").setRandomSeed((int) seed);
    try (Model model = SmallNetwork.model(false)) {
      PosteriorFiles.write(folder.resolve(POSTERIOR), SmallNetwork.around(model.getBlock()));
    }
  }
}

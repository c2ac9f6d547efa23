package io.github.swag4j.cli;

import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where predictions of a finished run go: into the run what brings its own results up to date, or
 * joins them; anything else into a directory beside, so that nothing the run says is replaced by
 * what was asked for under other options.
 *
 * @param run the finished run
 * @param description what it was made with
 */
record PredictPlace(RunDirectory run, RunDescription description) {

  /** The directory within the run for what must not mix with it; empty if it may. */
  Optional<String> beside(
      ImageData test, Map<String, ImageData> unlike, List<Method> asked, int samples, int threads)
      throws IOException {
    if (!isOwn(test, unlike)) {
      return Optional.of("on-" + test.name());
    }
    RunConfig config = description.config();
    List<String> parts = new ArrayList<>();
    for (Method method : asked) {
      OptionalInt stored = RunMetrics.storedSamples(run, method, test.name());
      if (method.takesSamples()
          && stored.isPresent()
          && stored.getAsInt() != method.samples(samples, config.methods().members())
          && parts.isEmpty()) {
        parts.add("samples-" + samples);
      }
    }
    if (threads != config.threads()) {
      parts.add("threads-" + threads);
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("-", parts));
  }

  private boolean isOwn(ImageData test, Map<String, ImageData> unlike) {
    Set<String> parts = new HashSet<>();
    unlike.forEach(
        (name, images) -> {
          if (description.isOwn("ood/" + name, images)) {
            parts.add("ood/" + name);
          }
        });
    Set<String> all = new HashSet<>(description.data().keySet());
    all.removeIf(part -> !part.startsWith("ood/"));
    return description.isOwn("test", test) && parts.size() == unlike.size() && parts.equals(all);
  }
}

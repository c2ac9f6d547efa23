package io.github.swag4j.spark.djl;

import ai.djl.Model;
import io.github.swag4j.swa.djl.TorchScriptModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An archive's bytes, put into a file where a task needs it. */
final class TorchScriptSource implements ModelSource {
  private static final long serialVersionUID = 1;

  private final String name;
  private final byte[] archive;

  TorchScriptSource(String name, byte[] archive) {
    this.name = name;
    this.archive = archive;
  }

  @Override
  public Model open() throws IOException {
    Path folder = Files.createTempDirectory("swag4j-");
    Path file = folder.resolve(name);
    try {
      return TorchScriptModels.load(Files.write(file, archive));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}

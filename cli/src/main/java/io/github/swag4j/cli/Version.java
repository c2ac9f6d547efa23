package io.github.swag4j.cli;

import io.github.swag4j.cli.run.Versions;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "swag4j " + Versions.program(),
      "DJL "
          + Versions.djl()
          + ", PyTorch "
          + Versions.pytorch()
          + ", Java "
          + Versions.java()
          + ", "
          + Versions.platform()
    };
  }
}

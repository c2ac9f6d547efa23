package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.cli.ProgramCommand;

/** Adds {@code semi-supervised} to the program. */
public final class SemiSupervised implements ProgramCommand {

  @Override
  public String name() {
    return "semi-supervised";
  }

  @Override
  public Object command() {
    return new SemiSupervisedCommand();
  }
}

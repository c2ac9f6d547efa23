package io.github.swag4j.studies.reinforce;

import io.github.swag4j.cli.ProgramCommand;

/** Adds {@code reinforce} to the program. */
public final class Reinforce implements ProgramCommand {

  @Override
  public String name() {
    return "reinforce";
  }

  @Override
  public Object command() {
    return new ReinforceCommand();
  }
}

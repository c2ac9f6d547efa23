package io.github.swag4j.studies.transfer;

import io.github.swag4j.cli.ProgramCommand;

/** Adds {@code transfer} to the program. */
public final class Transfer implements ProgramCommand {

  @Override
  public String name() {
    return "transfer";
  }

  @Override
  public Object command() {
    return new TransferCommand();
  }
}

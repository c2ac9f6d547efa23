package io.github.swag4j.cli.run;

/**
 * What a person types to call the program: {@code ./swag4j} in a checkout, whose script says so in
 * a property, else {@code swag4j}.
 */
public final class LauncherName {
  private static final String PROPERTY = "swag4j.command";

  private LauncherName() {}

  /** The name, in quotes where it has blanks. */
  public static String get() {
    String name = System.getProperty(PROPERTY, "");
    return name.isEmpty() ? "swag4j" : name.contains(" ") ? '"' + name + '"' : name;
  }
}

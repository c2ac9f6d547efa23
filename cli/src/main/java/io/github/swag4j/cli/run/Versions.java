package io.github.swag4j.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of the program and what it runs on. */
public final class Versions {
  private static final Properties PROPERTIES = load();

  private Versions() {}

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in =
        Versions.class.getResourceAsStream("/io/github/swag4j/cli/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /** The program's own. */
  public static String program() {
    return PROPERTIES.getProperty("swag4j");
  }

  /** The one of DJL. */
  public static String djl() {
    return PROPERTIES.getProperty("djl");
  }

  /** The one of libtorch. */
  public static String pytorch() {
    return PROPERTIES.getProperty("pytorch");
  }

  /** The one of the running Java. */
  public static String java() {
    return System.getProperty("java.version");
  }

  /** Operating system and processor. */
  public static String platform() {
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }
}

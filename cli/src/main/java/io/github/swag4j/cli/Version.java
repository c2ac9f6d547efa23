package io.github.swag4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of the program and what it runs on. */
public final class Version implements IVersionProvider {
  private static final Properties PROPERTIES = load();

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  public static String program() {
    return PROPERTIES.getProperty("swag4j");
  }

  public static String djl() {
    return PROPERTIES.getProperty("djl");
  }

  public static String pytorch() {
    return PROPERTIES.getProperty("pytorch");
  }

  public static String java() {
    return System.getProperty("java.version");
  }

  public static String platform() {
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "swag4j " + program(),
      "DJL " + djl() + ", PyTorch " + pytorch() + ", Java " + java() + ", " + platform()
    };
  }
}

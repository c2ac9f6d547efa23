package io.github.swag4j.spark.djl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;

/** Objects that came by Java's serialization, with the classes of the job that is running. */
final class SentObject extends ObjectInputStream {
  private final ClassLoader classes;

  private SentObject(byte[] bytes, ClassLoader classes) throws IOException {
    super(new ByteArrayInputStream(bytes));
    this.classes = classes;
  }

  /**
   * Reads one.
   *
   * @throws IOException if a class is not known here
   */
  static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    ClassLoader job = Thread.currentThread().getContextClassLoader();
    ClassLoader classes = job == null ? SentObject.class.getClassLoader() : job;
    try (SentObject in = new SentObject(bytes, classes)) {
      return type.cast(in.readObject());
    } catch (ClassNotFoundException e) {
      throw new IOException(
          "class "
              + e.getMessage()
              + " must be known to the executors: send the job's jar with --jars",
          e);
    }
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description)
      throws IOException, ClassNotFoundException {
    try {
      return Class.forName(description.getName(), false, classes);
    } catch (ClassNotFoundException e) {
      // Primitive types, and classes that only ours knows.
      return super.resolveClass(description);
    }
  }
}

package io.github.swag4j.cli.monitor;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Where records come from, some at a time. */
interface RecordSource extends Closeable {

  /**
   * Records that have come since.
   *
   * @return none if nothing has
   */
  List<TextRecord> poll() throws IOException;

  /** Whether the last {@link #poll} found nothing at all, not even a part of a record. */
  boolean idle();

  /** Whether nothing can come any more. */
  boolean ended();

  /** Takes what waits without its line end for a whole record. */
  List<TextRecord> rest();

  /** What happened to the source since it was asked last, for people: it was rotated, or cut. */
  List<String> events();
}

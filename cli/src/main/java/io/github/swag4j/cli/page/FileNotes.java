package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.io.format.ReadingNote;
import java.util.List;

/**
 * What a page shows of a file beside its numbers.
 *
 * @param note what its columns or arrays were read as
 * @param groups its metrics by the values of some columns; may be empty
 * @param windows its metrics over some columns; may be empty
 */
public record FileNotes(
    ReadingNote note, List<GroupIntervals> groups, List<WindowIntervals> windows) {

  /** Copies the lists. */
  public FileNotes {
    groups = List.copyOf(groups);
    windows = List.copyOf(windows);
  }

  /** Of a file that was neither grouped nor cut into windows. */
  public static FileNotes of(ReadingNote note) {
    return new FileNotes(note, List.of(), List.of());
  }
}

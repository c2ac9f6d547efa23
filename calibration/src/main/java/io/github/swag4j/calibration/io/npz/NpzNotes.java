package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What arrays were taken for, in words. */
public final class NpzNotes {
  /** Arrays of one meaning, whatever else there is. */
  private static final Set<String> READ =
      Set.of("expected_entropy", "groups", "class_names", "samples");

  private NpzNotes() {}

  /** The note on a pair of arrays, or one without labels. */
  public static ReadingNote of(Path file, Path labels, int classes) {
    return new ReadingNote(
        indices(classes),
        List.of(String.valueOf(file.getFileName())),
        labels == null ? "" : String.valueOf(labels.getFileName()),
        labels == null ? LabelKind.NONE : LabelKind.INDICES,
        "",
        List.of(),
        List.of());
  }

  /** The note on an archive. */
  static ReadingNote of(NpzFile npz, NpzMembers members, int classes) throws IOException {
    List<String> ignored = new ArrayList<>(npz.names());
    ignored.removeAll(READ);
    ignored.removeAll(
        Stream.of(members.probabilities(), members.logits(), members.labels(), members.weights())
            .filter(Objects::nonNull)
            .toList());
    String labels = members.labels() == null ? "" : members.labels();
    return new ReadingNote(
        names(npz, classes),
        List.of(members.main()),
        labels,
        labels.isEmpty() ? LabelKind.NONE : LabelKind.INDICES,
        members.weights() == null ? "" : members.weights(),
        ignored,
        List.of());
  }

  private static List<String> names(NpzFile npz, int classes) throws IOException {
    if (!npz.names().contains("class_names")) {
      return indices(classes);
    }
    return List.of(
        npz.read(
            "class_names",
            (in, header, place) -> {
              NpzMembers.checkVector(header, classes, place);
              return NpyData.texts(in, header, place);
            }));
  }

  private static List<String> indices(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }
}

package io.github.swag4j.swa.io.average;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorFile;
import io.github.swag4j.swa.io.WeightFileRemedy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Whether files have the same tensors, and the same integers where they must. */
final class FileAgreement {

  /** So many differences are listed. */
  private static final int LISTED = 20;

  private static final String COUNTER = "num_batches_tracked";

  private final List<String> differences = new ArrayList<>();
  private long found;

  private FileAgreement() {}

  /**
   * Checks all files against the first.
   *
   * @return names of the integer tensors that differ and may
   * @throws IOException listing what differs and must not
   */
  static List<String> require(
      List<TensorFile> files, List<StoredTensor> kept, AverageOptions options) throws IOException {
    FileAgreement agreement = new FileAgreement();
    TensorFile first = files.get(0);
    for (StoredTensor tensor : kept) {
      if (!tensor.type().isReal() && !tensor.type().isInteger()) {
        agreement.add(
            first.file()
                + ": "
                + tensor
                + " has a type that is not averaged: convert it to float32, or leave it out");
      }
    }
    for (TensorFile file : files.subList(1, files.size())) {
      agreement.compare(first, kept, file, options);
    }
    agreement.throwIfAny("files must have the same tensors");
    List<String> differing = new ArrayList<>();
    for (StoredTensor tensor : kept) {
      if (tensor.type().isInteger() && options.integers() != AverageOptions.Integers.LAST) {
        for (TensorFile file : files.subList(1, files.size())) {
          if (!equal(first, file, tensor)) {
            boolean counter =
                tensor.name().equals(COUNTER) || tensor.name().endsWith("." + COUNTER);
            if (!counter || options.integers() == AverageOptions.Integers.EQUAL) {
              agreement.add(file.file() + ": " + tensor + " differs from " + first.file());
            }
            differing.add(tensor.name());
            break;
          }
        }
      }
    }
    agreement.throwIfAny(
        Refusal.of(
            "integer tensors must be equal in all files, for they are not averaged (or ",
            WeightFileRemedy.LAST_INTEGERS,
            ")"));
    return List.copyOf(differing);
  }

  private void compare(
      TensorFile first, List<StoredTensor> kept, TensorFile file, AverageOptions options) {
    for (StoredTensor tensor : kept) {
      StoredTensor other = file.entries().get(tensor.name());
      if (other == null) {
        add(file.file() + ": lacks " + tensor);
      } else if (other.type() != tensor.type() || !other.shape().equals(tensor.shape())) {
        add(file.file() + ": has " + other + ", not " + tensor.type() + " " + tensor.shape());
      }
    }
    for (StoredTensor other : file.entries().values()) {
      if (options.tensors().test(other.name()) && !first.entries().containsKey(other.name())) {
        add(file.file() + ": has " + other + ", which " + first.file() + " lacks");
      }
    }
  }

  private void add(String difference) {
    found++;
    if (differences.size() < LISTED) {
      differences.add(difference);
    }
  }

  private void throwIfAny(String rule) throws RefusedAverageException {
    throwIfAny(Refusal.of(rule));
  }

  private void throwIfAny(Refusal rule) throws RefusedAverageException {
    if (found > 0) {
      throw new RefusedAverageException(
          rule.and(
              Refusal.of(
                  ": "
                      + String.join("; ", differences)
                      + (found > LISTED ? "; and " + (found - LISTED) + " more" : ""))));
    }
  }

  private static boolean equal(TensorFile a, TensorFile b, StoredTensor tensor) throws IOException {
    int most = 1 << 13;
    ByteBuffer one = ByteBuffer.allocate(most * tensor.type().bytes());
    ByteBuffer two = ByteBuffer.allocate(one.capacity());
    for (long at = 0; at < tensor.size(); at += most) {
      int bytes = (int) Math.min(most, tensor.size() - at) * tensor.type().bytes();
      a.read(a.entries().get(tensor.name()), at, one.clear().limit(bytes));
      b.read(b.entries().get(tensor.name()), at, two.clear().limit(bytes));
      if (!one.flip().equals(two.flip())) {
        return false;
      }
    }
    return true;
  }
}

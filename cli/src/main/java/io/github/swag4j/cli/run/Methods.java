package io.github.swag4j.cli.run;

import java.util.List;

/**
 * The methods of a run, and what they take beside the training of one network.
 *
 * @param method ids of the methods, in the order of tables
 * @param members independent trainings of {@code ensemble} and {@code multiswag}
 * @param fgeCycle epochs in a cycle of {@code fge}
 */
public record Methods(List<String> method, int members, int fgeCycle) {

  /** Independent trainings. */
  public static final int MEMBERS = 3;

  /** Epochs in a cycle, those of Garipov et al. 2018 for VGG16. */
  public static final int FGE_CYCLE = 2;

  /** Checks the numbers. */
  public Methods {
    method = Method.named(method).stream().map(Method::id).toList();
    if (method.isEmpty()) {
      throw new UsageException("--method must name one method at least, of " + Method.ids());
    }
    if (members < 2) {
      throw new UsageException("--members must be at least 2, got " + members);
    }
    if (fgeCycle < 2 || fgeCycle % 2 != 0) {
      throw new UsageException(
          "--fge-cycle must be an even number of epochs, as the rate is lowest in the middle of a"
              + " cycle, got "
              + fgeCycle);
    }
  }

  /** The methods with the defaults of everything else. */
  public static Methods of(List<Method> methods) {
    return new Methods(methods.stream().map(Method::id).toList(), MEMBERS, FGE_CYCLE);
  }

  /** What is predicted with unless others are asked for. */
  public static Methods defaults() {
    return of(Method.DEFAULTS);
  }

  /** The methods. */
  public List<Method> list() {
    return Method.named(method);
  }

  /** Whether one of them takes several trainings. */
  boolean ofMembers() {
    return list().stream().anyMatch(Method::ofMembers);
  }

  /** Networks that are trained. */
  public int networks() {
    return ofMembers() ? members : 1;
  }

  /** Whether a member's training has such a stretch. */
  boolean need(Phase phase, int member) {
    return list().stream().anyMatch(m -> m.phase() == phase && (member == 1 || m.ofMembers()));
  }

  /** Checks that they can be had within so many epochs past the start. */
  void requireEpochs(int epochs, int start) {
    if (need(Phase.CYCLIC, 1) && epochs - start < fgeCycle + fgeCycle / 2) {
      throw new UsageException(
          "--method fge must have two snapshots at least, the second "
              + (fgeCycle + fgeCycle / 2)
              + " epochs after --swa-start "
              + start
              + ", got --epochs "
              + epochs
              + ": train longer, begin earlier, or shorten --fge-cycle");
    }
  }

  /**
   * Checks that a method can be had in a run.
   *
   * @throws UsageException if not; says why
   */
  static void requirePossible(Method method, boolean fromTrained, double dropout) {
    if (fromTrained && method.ofMembers()) {
      throw new UsageException(
          "--method "
              + method.id()
              + " takes trainings from different initial weights, and --from-trained has one model"
              + " alone: leave it out, or train without --from-trained");
    }
    if (fromTrained && method == Method.KFAC_LAPLACE) {
      throw new UsageException(
          "--method kfac-laplace takes what goes into each layer, which a TorchScript archive does"
              + " not show: take --method laplace, over the last layer");
    }
    if (!fromTrained && method == Method.DROPOUT && dropout == 0) {
      throw new UsageException(
          "--method dropout takes a network that was trained with dropout, got --dropout 0: say"
              + " --dropout 0.1, for all methods of the run");
    }
  }
}

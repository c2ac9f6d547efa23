package io.github.swag4j.cli;

import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Methods;
import io.github.swag4j.cli.run.UsageException;
import java.util.List;
import picocli.CommandLine.Option;

/** In which ways a training predicts, and what they take beside the training of one network. */
final class MethodOptions {

  @Option(
      names = "--method",
      paramLabel = "M",
      split = ",",
      splitSynopsisLabel = ",",
      description = {
        "Ways to predict, with commas between (default: sgd,swa,swag):",
        "  sgd        plain SGD",
        "  swa        average of the weights after each epoch past --swa-start",
        "  swag       Gaussian around it, --rank columns and a diagonal",
        "  swag-diag  the same with the diagonal alone",
        "  multiswag  SWAG of --members independent trainings",
        "  ensemble   SGD of --members independent trainings",
        "  fge        snapshots along a cyclic rate",
        "  dropout    SGD with dropout left active; needs --dropout",
        "  laplace    Gaussian over SGD's last layer, by the curvature",
        "  kfac-laplace  the same over all layers",
        "Only what they need is trained."
      })
  private List<String> methods = List.of();

  @Option(
      names = "--members",
      paramLabel = "N",
      description =
          "Independent trainings of ensemble and multiswag, each with a seed of its own that follows"
              + " from --seed (default: "
              + Methods.MEMBERS
              + ").")
  private Integer members;

  @Option(
      names = "--fge-cycle",
      paramLabel = "EPOCHS",
      description =
          "Length of a cycle of fge: from --swa-learning-rate down to a hundredth of --learning-rate"
              + " and back (default: "
              + Methods.FGE_CYCLE
              + ").")
  private Integer fgeCycle;

  @Option(
      names = "--dropout",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Share of units that are dropped before each layer but the first, in the training of all"
              + " methods (default: 0, none).")
  private double dropout;

  double dropout() {
    return dropout;
  }

  Methods methods() {
    List<Method> chosen = methods.isEmpty() ? Method.DEFAULTS : Method.named(methods);
    if (members != null && chosen.stream().noneMatch(Method::ofMembers)) {
      throw new UsageException("--members needs --method ensemble or --method multiswag");
    }
    if (fgeCycle != null && !chosen.contains(Method.FGE)) {
      throw new UsageException("--fge-cycle needs --method fge");
    }
    return new Methods(
        chosen.stream().map(Method::id).toList(),
        members == null ? Methods.MEMBERS : members,
        fgeCycle == null ? Methods.FGE_CYCLE : fgeCycle);
  }
}

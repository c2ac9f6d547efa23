package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TorchScriptCodeTest {
  private static final String SCRIPTED =
      """
      class Net(Module):
        __parameters__ = ["weight", "bias", ]
        __buffers__ = ["running_mean", "running_var", "num_batches_tracked", ]
        training : bool
        def forward(s: __torch__.Net,
          x: Tensor) -> Tensor:
          _0 = torch.format("not torch.batch_norm(x, a, b, c, d, True) but {}", x)
          training = s.training
          y = torch.dropout(torch.relu(x), 0.5, training)
          _1 = __torch__.torch.nn.functional.batch_norm
          return torch.batch_norm(torch.add(y, [1, 2]), s.weight, s.bias, s.running_mean, \
      s.running_var, training, 0.1, 1e-05, True)
      """;

  private static String traced(String mode) {
    return SCRIPTED
        .replace("0.5, training", "0.5, " + mode)
        .replace("running_var, training", "running_var, " + mode);
  }

  @Test
  void restoringUndoesExposing() {
    String exposed = TorchScriptCode.expose(SCRIPTED);
    assertThat(exposed)
        .contains(
            "__parameters__ = [\"weight\", \"bias\", \"running_mean\", \"running_var\", ]",
            "__buffers__ = [\"num_batches_tracked\", ]",
            "return __torch__.swag4j.batch_norm(torch.add(y, [1, 2]), s.weight",
            "_1 = __torch__.torch.nn.functional.batch_norm\n");
    assertThat(TorchScriptCode.restore(exposed)).isEqualTo(SCRIPTED);
  }

  @Test
  void aModeTracedAsTrainingBecomesTheModulesOwn() {
    assertThat(TorchScriptCode.expose(traced("True")))
        .contains("torch.dropout(torch.relu(x), 0.5, s.training)")
        .contains("s.running_var, s.training, 0.1, 1e-05, True)");
    assertThat(TorchScriptCode.isTraced(traced("True"), true)).isTrue();
    assertThat(TorchScriptCode.isTraced(traced("True"), false)).isFalse();
  }

  @Test
  void aModeTracedAsEvaluationIsSeenAndAScriptedOneIsNot() {
    assertThat(TorchScriptCode.isTraced(traced("False"), false)).isTrue();
    assertThat(TorchScriptCode.isTraced(SCRIPTED, false)).isFalse();
    assertThat(TorchScriptCode.isTraced("x = torch.alpha_dropout_(y, 0.1, False)", false)).isTrue();
    assertThat(TorchScriptCode.isTraced("x = torch.feature_dropout(y, 0.1, m)", false)).isFalse();
  }

  @Test
  void modulesWithoutRunningStatisticsAreLeftAsTheyAre() {
    String group =
        """
        class GroupNorm(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = []
        class Masked(Module):
          __parameters__ = []
          __buffers__ = ["mask", ]
        """;
    assertThat(TorchScriptCode.expose(group)).isEqualTo(group);
    assertThat(TorchScriptCode.hasParameters(group)).isTrue();
    assertThat(TorchScriptCode.hasParameters(group.substring(group.indexOf("class Masked"))))
        .isFalse();
  }

  @Test
  void aFunctionOutsideModulesKeepsItsLiteralMode() {
    String function = "def noisy(x: Tensor) -> Tensor:\n  return torch.dropout(x, 0.5, True)\n";
    assertThat(TorchScriptCode.expose(function)).isEqualTo(function);
  }
}

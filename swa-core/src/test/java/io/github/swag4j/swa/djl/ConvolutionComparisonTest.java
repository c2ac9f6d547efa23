package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a comparison sees, with a defect that is made up: the same on every processor. */
class ConvolutionComparisonTest {
  private static final Engine ENGINE = Engine.getEngine("PyTorch");
  private static final ConvolutionShape IMAGES =
      new ConvolutionShape(
          new Shape(7, 3, 9, 8),
          new Shape(16, 3, 3, 2),
          true,
          new Shape(2, 1),
          new Shape(1, 0),
          new Shape(1, 2));

  /** Computes with a defect while it is on. */
  private abstract static class Defect implements ConvolutionComparison.Switched {
    private final Set<String> seen = new LinkedHashSet<>();
    private boolean on = true;

    @Override
    public void leaveToOneDnn(boolean newOn) {
      on = newOn;
    }

    @Override
    public NDArray outputs(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
      seen.add(x.getShape().toString());
      assertThat(shape.output()).isEqualTo(shape.outputs(x, w, b).getShape());
      return on ? wrong(shape, x, w, b) : shape.outputs(x, w, b);
    }

    abstract NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b);
  }

  private static String firstWrong(Defect defect, ConvolutionShape shape) {
    String wrong = ConvolutionComparison.firstWrong(ENGINE, shape, defect);
    assertThat(defect.on).isFalse();
    return wrong;
  }

  private static Defect none() {
    return new Defect() {
      @Override
      NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
        return shape.outputs(x, w, b);
      }
    };
  }

  @Test
  void rowsAndPlacesOfTheModelAndOthersAreCompared() {
    Defect none = none();
    assertThat(firstWrong(none, IMAGES)).isNull();
    assertThat(none.seen)
        .containsExactly(
            "(1, 3, 9, 8)",
            "(2, 3, 9, 8)",
            "(2, 3, 14, 13)",
            "(7, 3, 9, 8)",
            "(5, 3, 9, 8)",
            "(16, 3, 9, 8)",
            "(128, 3, 9, 8)");
  }

  @Test
  void oneAndThreeAxesAreComparedToo() {
    Shape one = new Shape(1);
    assertThat(
            firstWrong(
                none(),
                new ConvolutionShape(
                    new Shape(1, 5, 20), new Shape(16, 5, 4), false, one, one, one)))
        .isNull();
    Shape cube = new Shape(1, 1, 1);
    assertThat(
            firstWrong(
                none(),
                new ConvolutionShape(
                    new Shape(1, 2, 4, 5, 6), new Shape(16, 2, 3, 1, 2), true, cube, cube, cube)))
        .isNull();
  }

  @Test
  void workHasALimitAndWhatIsTooLargeIsNotTakenForRight() {
    Shape one = new Shape(1, 1);
    Defect none = none();
    ConvolutionShape large =
        new ConvolutionShape(
            new Shape(64, 1, 300, 300), new Shape(16, 1, 1, 1), false, one, new Shape(0, 0), one);
    assertThat(firstWrong(none, large)).isNull();
    assertThat(none.seen).containsExactly("(1, 1, 300, 300)", "(2, 1, 300, 300)", "(2, 1, 13, 13)");
    assertThat(firstWrong(none(), large.with(1, new long[] {7000, 8000})))
        .contains("too large to be compared");
  }

  @Test
  void aTermThatIsMissingFromOneOutputIsSeen() {
    Defect defect =
        new Defect() {
          @Override
          NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
            NDArray y = shape.outputs(x, w, b);
            if (shape.input().get(0) == 16) {
              y.setScalar(new NDIndex("15, 2, 1, 1"), 1e-3f);
            }
            return y;
          }
        };
    assertThat(firstWrong(defect, IMAGES))
        .contains("outputs", "3 channels in and 16 out", "16 rows");
  }

  @Test
  void eachGradientThatIsWrongIsSeen() {
    assertThat(
            firstWrong(
                new Defect() {
                  @Override
                  NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
                    NDArray half = shape.outputs(x.stopGradient(), w, b);
                    return half.add(shape.outputs(x, w, b)).sub(half.stopGradient());
                  }
                },
                IMAGES))
        .contains("wrong gradients of weights");
    assertThat(
            firstWrong(
                new Defect() {
                  @Override
                  NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
                    NDArray twice = shape.outputs(x, w.stopGradient(), b.stopGradient());
                    return shape.outputs(x, w, b).add(twice).sub(twice.stopGradient());
                  }
                },
                IMAGES))
        .contains("wrong gradients of inputs");
    assertThat(
            firstWrong(
                new Defect() {
                  @Override
                  NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
                    NDArray twice = shape.outputs(x.stopGradient(), w.stopGradient(), b);
                    return shape.outputs(x, w, b).add(twice).sub(twice.stopGradient());
                  }
                },
                IMAGES))
        .contains("wrong gradients of bias");
  }

  @Test
  void whatIsWrongOnlyWithoutGradientsIsSeen() {
    Defect defect =
        new Defect() {
          @Override
          NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
            NDArray y = shape.outputs(x, w, b);
            return JniUtils.isGradMode() ? y : y.neg();
          }
        };
    assertThat(firstWrong(defect, IMAGES)).contains("wrong outputs without gradients");
  }

  @Test
  void whatIsWrongOnlyWithChannelsLastIsSeen() {
    Defect defect =
        new Defect() {
          private int calls;

          @Override
          NDArray wrong(ConvolutionShape shape, NDArray x, NDArray w, NDArray b) {
            calls++;
            NDArray y = shape.outputs(x, w, b);
            return calls > 2 ? y.neg() : y;
          }
        };
    assertThat(firstWrong(defect, IMAGES)).contains("wrong outputs for");
    assertThat(defect.seen).hasSize(1);
  }
}

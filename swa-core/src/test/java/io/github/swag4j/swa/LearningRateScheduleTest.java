package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule.PiecewiseLinear;
import io.github.swag4j.swa.schedule.LearningRateSchedule.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

  @Test
  void swaScheduleIsThatOfTheAuthors() {
    for (JsonElement each : Golden.read("schedule.json").getAsJsonArray("garipov")) {
      JsonObject golden = each.getAsJsonObject();
      LearningRateSchedule schedule =
          LearningRateSchedule.swa(
              golden.get("lr_init").getAsDouble(),
              golden.get("swa_lr").getAsDouble(),
              golden.get("swa_start").getAsDouble());
      double[] rates = Golden.doubles(golden.get("rates"));
      for (int epoch = 0; epoch < rates.length; epoch++) {
        assertThat(schedule.rate(epoch))
            .as("epoch %d", epoch)
            .isCloseTo(rates[epoch], within(1e-15));
      }
    }
  }

  @Test
  void aConstantRateStays() {
    assertThat(LearningRateSchedule.constant(0.1).rate(0)).isEqualTo(0.1);
    assertThat(LearningRateSchedule.constant(0.1).rate(1e9)).isEqualTo(0.1);
  }

  @Test
  void pointsThatDoNotRiseAreRefused() {
    assertThatThrownBy(() -> new PiecewiseLinear(List.of(new Point(2, 1), new Point(2, 3))))
        .hasMessageContaining("times of a schedule must rise");
    assertThatThrownBy(() -> new Point(1, 0))
        .hasMessage("learning rate must be finite and above 0, got 0.0");
    assertThatThrownBy(() -> LearningRateSchedule.swa(0.1, 0.01, 0))
        .hasMessage("start must be above 0, got 0.0");
  }
}

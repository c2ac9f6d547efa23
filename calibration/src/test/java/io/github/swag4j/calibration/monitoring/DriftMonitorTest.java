package io.github.swag4j.calibration.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Predictions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows, labels that come later, and restarts. */
class DriftMonitorTest {
  private static final MonitoringReference REFERENCE =
      MonitoringReference.of(DriftAlarmTest.rows(400, 1, 0, 1));
  private static final MonitorOptions OPTIONS =
      new MonitorOptions(50, 3, new DriftAlarm(0.01, true, 0));

  private static Predictions withIds(Predictions rows) {
    double[][] p = new double[rows.rows()][];
    String[] ids = new String[rows.rows()];
    for (int i = 0; i < p.length; i++) {
      p[i] = rows.probabilities(i);
      ids[i] = "r" + i;
    }
    return Predictions.builder().probabilities(p).ids(ids).build();
  }

  private static int[] unknown(int rows) {
    int[] labels = new int[rows];
    Arrays.fill(labels, DriftMonitor.UNKNOWN);
    return labels;
  }

  private static List<WindowReport> finals(List<WindowReport> reports) {
    return reports.stream().filter(WindowReport::labelsFinal).toList();
  }

  @Test
  void labelsThatComeLaterGiveTheSameWindowsInWhateverOrderTheyCome() {
    Predictions rows = DriftAlarmTest.rows(200, 1.2, 0, 2);
    int[] labels = new int[200];
    Arrays.setAll(labels, rows::label);
    MonitorOptions patient = new MonitorOptions(50, 4, OPTIONS.alarm());
    List<WindowReport> atOnce = new DriftMonitor(REFERENCE, patient).add(rows, labels);
    assertThat(atOnce).hasSize(4).allMatch(WindowReport::labelsFinal);
    DriftMonitor late = new DriftMonitor(REFERENCE, patient);
    List<WindowReport> reports = new ArrayList<>();
    SplitMix random = new SplitMix(9);
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      (random.uniform() < 0.3 ? before : after).add(i);
    }
    java.util.Collections.shuffle(after, new java.util.Random(3));
    before.forEach(i -> reports.addAll(late.label("r" + i, labels[i])));
    reports.addAll(late.add(withIds(rows), unknown(200)));
    after.forEach(i -> reports.addAll(late.label("r" + i, labels[i])));
    List<WindowReport> finals =
        finals(reports).stream()
            .sorted(java.util.Comparator.comparingLong(WindowReport::window))
            .toList();
    assertThat(finals).isEqualTo(atOnce);
    assertThat(late.total()).isEqualTo(ofOneWindow(rows, labels));
    assertThat(late.counts().labelsWithoutRow()).isZero();
  }

  private static WindowNumbers ofOneWindow(Predictions rows, int[] labels) {
    DriftMonitor one =
        new DriftMonitor(REFERENCE, new MonitorOptions(200, 0, new DriftAlarm(0.01, true, 0)));
    one.add(rows, labels);
    return one.total();
  }

  @Test
  void aWindowIsJudgedByTheLabelsThatCameWhenItHasWaitedLongEnough() {
    DriftMonitor monitor = new DriftMonitor(REFERENCE, OPTIONS);
    Predictions rows = withIds(DriftAlarmTest.rows(250, 1, 0, 3));
    List<WindowReport> early = monitor.add(rows.select(range(0, 50)), unknown(50));
    assertThat(early).singleElement().matches(report -> !report.labelsFinal());
    monitor.label("r7", 1);
    monitor.label("nobody", 0);
    List<WindowReport> reports = monitor.add(rows.select(range(50, 200)), unknown(150));
    assertThat(finals(reports)).hasSize(1);
    WindowReport first = finals(reports).get(0);
    assertThat(first.window()).isEqualTo(1);
    assertThat(first.numbers().labelled()).isEqualTo(1);
    assertThat(monitor.label("r8", 1)).as("too late").isEmpty();
    assertThat(monitor.counts().labelsWithoutRow()).isEqualTo(2);
  }

  private static int[] range(int from, int to) {
    int[] rows = new int[to - from];
    Arrays.setAll(rows, i -> from + i);
    return rows;
  }

  @Test
  void aMonitorThatIsCarriedOverARestartReportsTheSameBits() throws IOException {
    Predictions rows = withIds(DriftAlarmTest.rows(330, 1.4, 0, 4));
    int[] labels = unknown(330);
    for (int i = 0; i < 330; i += 3) {
      labels[i] = i % 2;
    }
    DriftMonitor whole = new DriftMonitor(REFERENCE, OPTIONS);
    DriftMonitor restarted = new DriftMonitor(REFERENCE, OPTIONS);
    List<WindowReport> expected = new ArrayList<>();
    List<WindowReport> got = new ArrayList<>();
    for (int from = 0; from < 330; from += 33) {
      Predictions part = rows.select(range(from, from + 33));
      int[] of = Arrays.copyOfRange(labels, from, from + 33);
      whole.refuse(2);
      restarted.refuse(2);
      expected.addAll(whole.add(part, of));
      got.addAll(restarted.add(part, of));
      expected.addAll(whole.label("r" + (from + 1), 2));
      got.addAll(restarted.label("r" + (from + 1), 2));
      whole.label("early" + from, 1);
      restarted.label("early" + from, 1);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      restarted.write(new DataOutputStream(bytes));
      restarted =
          DriftMonitor.read(
              new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())),
              REFERENCE,
              OPTIONS);
    }
    expected.addAll(whole.end());
    got.addAll(restarted.end());
    assertThat(got).isEqualTo(expected).isNotEmpty();
    assertThat(restarted.counts()).isEqualTo(whole.counts());
    assertThat(restarted.total()).isEqualTo(whole.total());
  }

  @Test
  void windowsMergeToThatOfAllRowsBitForBit() {
    Predictions rows = DriftAlarmTest.rows(500, 1.3, 0, 5);
    WindowSketch all = new WindowSketch(REFERENCE.classes());
    all.add(rows);
    all.addLabelled(rows);
    WindowSketch first = new WindowSketch(REFERENCE.classes());
    WindowSketch second = new WindowSketch(REFERENCE.classes());
    Predictions a = rows.select(range(0, 123));
    Predictions b = rows.select(range(123, 500));
    second.addLabelled(b);
    second.add(b);
    first.add(a);
    first.addLabelled(a);
    second.merge(first);
    assertThat(second).isEqualTo(all);
    assertThat(second.numbers()).isEqualTo(all.numbers());
  }

  @Test
  void aReferenceWithWeightsAndRowsOfOtherClassesAreRefused() {
    Predictions weighted =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.5}})
            .weights(new double[] {2})
            .build();
    assertThatThrownBy(() -> MonitoringReference.of(weighted)).hasMessageContaining("weights");
    DriftMonitor monitor = new DriftMonitor(REFERENCE, OPTIONS);
    Predictions two = Predictions.of(new double[][] {{0.5, 0.5}}, new int[] {0});
    assertThatThrownBy(() -> monitor.add(two, new int[] {0}))
        .hasMessageContaining("3 classes, got 2");
    assertThatThrownBy(() -> monitor.label("a", 3)).hasMessageContaining("below 3, got 3");
  }
}

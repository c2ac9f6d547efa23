package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All recalibration methods by name, with their default options, and their way back from JSON. */
public final class Recalibrators {
  private record Method(
      Function<Predictions, Recalibrator> fit,
      Function<RecalibratorParameters, Recalibrator> read) {}

  private static final Map<String, Method> METHODS = byName();

  private Recalibrators() {}

  private static Map<String, Method> byName() {
    Map<String, Method> m = new LinkedHashMap<>();
    m.put(
        TemperatureScaling.METHOD,
        new Method(TemperatureScaling::fit, TemperatureScaling::ofParameters));
    m.put(VectorScaling.METHOD, new Method(VectorScaling::fit, VectorScaling::ofParameters));
    m.put(MatrixScaling.METHOD, new Method(MatrixScaling::fit, MatrixScaling::ofParameters));
    m.put(
        DirichletCalibration.METHOD,
        new Method(DirichletCalibration::fit, DirichletCalibration::ofParameters));
    m.put(BetaCalibration.METHOD, new Method(BetaCalibration::fit, BetaCalibration::ofParameters));
    m.put(PlattScaling.METHOD, new Method(PlattScaling::fit, PlattScaling::ofParameters));
    m.put(
        IsotonicCalibration.METHOD,
        new Method(IsotonicCalibration::fit, IsotonicCalibration::ofParameters));
    m.put(
        HistogramBinning.METHOD, new Method(HistogramBinning::fit, HistogramBinning::ofParameters));
    m.put(BayesianBinning.METHOD, new Method(BayesianBinning::fit, BayesianBinning::ofParameters));
    m.put(
        NearIsotonicEnsemble.METHOD,
        new Method(NearIsotonicEnsemble::fit, NearIsotonicEnsemble::ofParameters));
    m.put(ScalingBinning.METHOD, new Method(ScalingBinning::fit, ScalingBinning::ofParameters));
    m.put(VennAbers.METHOD, new Method(VennAbers::fit, VennAbers::ofParameters));
    return Collections.unmodifiableMap(m);
  }

  /**
   * Names of the methods.
   *
   * @return the names, temperature first
   */
  public static Set<String> methods() {
    return METHODS.keySet();
  }

  /**
   * Fits a method with its default options.
   *
   * @param method one of {@link #methods()}
   * @param predictions labelled rows to fit on, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if the method is not known or the rows cannot be fitted
   */
  public static Recalibrator fit(String method, Predictions predictions) {
    return known(method).fit().apply(predictions);
  }

  /**
   * Reads a recalibrator that {@link Recalibrator#toJson()} wrote. It maps to the same bits.
   *
   * @param json one JSON object
   * @return the recalibrator
   * @throws IllegalArgumentException if the text is not JSON, or a part is missing, unknown, of the
   *     wrong length or out of range; names the place
   */
  public static Recalibrator fromJson(String json) {
    JsonObject object = JsonObject.parse(json);
    Method method = known(object.string("method"));
    RecalibratorParameters parameters = new RecalibratorParameters(object);
    Recalibrator recalibrator;
    try {
      recalibrator = method.read().apply(parameters);
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException("JSON parameters: " + e.getMessage());
    }
    parameters.requireAllTaken();
    return recalibrator;
  }

  private static Method known(String method) {
    Method found = METHODS.get(method);
    if (found == null) {
      throw new IllegalArgumentException(
          "method must be one of " + String.join(", ", METHODS.keySet()) + ", got " + method);
    }
    return found;
  }
}

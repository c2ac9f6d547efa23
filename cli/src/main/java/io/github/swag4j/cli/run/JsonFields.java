package io.github.swag4j.cli.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.annotations.JsonAdapter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Holds JSON against the record it is read into, before Gson does that: Gson makes 0 of a number
 * that is not there, 3 of 3.7, false of any text and null of an unknown word. Components that are
 * no primitives may be missing; the records check these themselves, and so does what has an adapter
 * of its own.
 */
final class JsonFields {
  private JsonFields() {}

  /**
   * Checks that a value is what its type says.
   *
   * @throws IllegalArgumentException if a number is missing or not of its kind; names the field
   */
  static void require(JsonElement json, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      requireElements(json, generic, path);
    } else if (type instanceof Class<?> of) {
      require(json, of, path);
    }
  }

  private static void requireElements(JsonElement json, ParameterizedType type, String path) {
    if (isNull(json)) {
      return;
    }
    Type[] of = type.getActualTypeArguments();
    if (List.class.equals(type.getRawType())) {
      require(json.isJsonArray(), path, "an array", json);
      for (int i = 0; i < json.getAsJsonArray().size(); i++) {
        require(json.getAsJsonArray().get(i), of[0], path + "[" + i + "]");
      }
    } else if (Map.class.equals(type.getRawType())) {
      require(json.isJsonObject(), path, "an object", json);
      for (Map.Entry<String, JsonElement> e : json.getAsJsonObject().entrySet()) {
        require(e.getValue(), of[1], path + "." + e.getKey());
      }
    }
  }

  private static void require(JsonElement json, Class<?> type, String path) {
    if (type.isPrimitive() && json == null) {
      throw new IllegalArgumentException(path + " must be there, it is missing");
    }
    if (isNull(json)) {
      // A number that is none is written as null.
      require(!type.isPrimitive() || type == double.class, path, words(type), json);
    } else if (type.isRecord() && !type.isAnnotationPresent(JsonAdapter.class)) {
      require(json.isJsonObject(), path, "an object", json);
      requireComponents(json.getAsJsonObject(), type, path);
    } else if (!words(type).isEmpty()) {
      boolean fits = json instanceof JsonPrimitive value && fits(value, type);
      require(fits, path, words(type), json);
    }
  }

  private static void requireComponents(JsonObject json, Class<?> type, String path) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      if (json.get(name) == null && component.isAnnotationPresent(MayBeMissing.class)) {
        continue;
      }
      require(
          json.get(name), component.getGenericType(), path.isEmpty() ? name : path + "." + name);
    }
  }

  private static boolean isNull(JsonElement json) {
    return json == null || json.isJsonNull();
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  private static boolean fits(JsonPrimitive value, Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return value.isBoolean();
    }
    if (type == String.class) {
      return value.isString();
    }
    if (type.isEnum()) {
      return value.isString()
          && Arrays.stream(type.getEnumConstants())
              .anyMatch(constant -> ((Enum<?>) constant).name().equals(value.getAsString()));
    }
    if (!value.isNumber()) {
      return false;
    }
    return !isWhole(type) || isWhole(value.getAsBigDecimal(), type);
  }

  private static boolean isWhole(BigDecimal number, Class<?> type) {
    int bits = type == int.class || type == Integer.class ? 31 : 63;
    // First by its size: the digits of 1e999999999 are not to be written out.
    return number.precision() - number.scale() <= 20
        && number.stripTrailingZeros().scale() <= 0
        && number.toBigInteger().bitLength() <= bits;
  }

  private static String words(Class<?> type) {
    if (isWhole(type)) {
      return "a whole number" + (type == int.class || type == Integer.class ? " below 2^31" : "");
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    return type == String.class ? "text" : "";
  }

  private static void require(boolean holds, String path, String rule, JsonElement got) {
    if (!holds) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "it" : path) + " must be " + rule + ", got " + shown(got));
    }
  }

  private static String shown(JsonElement got) {
    String text = got.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}

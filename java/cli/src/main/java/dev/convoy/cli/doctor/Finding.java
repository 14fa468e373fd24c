package dev.convoy.cli.doctor;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * One thing that the doctor looked at.
 *
 * @param section what it belongs to
 * @param name what it is, unique in its section
 * @param value what was found
 * @param problem what is wrong about it and the cure, or null
 * @param fields what programs get instead of the value: fields of an object; null where the value
 *     is all there is
 */
record Finding(
    String section,
    String name,
    String value,
    @Nullable String problem,
    @Nullable Consumer<JsonGenerator> fields) {
  static Finding of(String section, String name, String value) {
    return new Finding(section, name, value, null, null);
  }

  static Finding of(String section, String name, String value, Consumer<JsonGenerator> fields) {
    return new Finding(section, name, value, null, fields);
  }

  static Finding wrong(String section, String name, String value, String problem) {
    return new Finding(section, name, value, problem, null);
  }
}

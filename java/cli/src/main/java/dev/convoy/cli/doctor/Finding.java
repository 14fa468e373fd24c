package dev.convoy.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that the doctor looked at.
 *
 * @param section what it belongs to
 * @param name what it is, unique in its section
 * @param value what was found
 * @param problem what is wrong about it and the cure, or null
 */
record Finding(String section, String name, String value, @Nullable String problem) {
  static Finding of(String section, String name, String value) {
    return new Finding(section, name, value, null);
  }

  static Finding wrong(String section, String name, String value, String problem) {
    return new Finding(section, name, value, problem);
  }
}

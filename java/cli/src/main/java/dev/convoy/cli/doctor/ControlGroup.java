package dev.convoy.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the control groups of this process allow: the tightest limit from its group up to the root.
 * Reads version 1 and version 2 files.
 *
 * @param version 1, 2, or 0 where there are none
 * @param cpus processors' worth of time; infinite without a limit
 * @param memoryBytes {@link Long#MAX_VALUE} without a limit
 */
record ControlGroup(int version, double cpus, long memoryBytes) {
  static final ControlGroup NONE = new ControlGroup(0, Double.POSITIVE_INFINITY, Long.MAX_VALUE);

  /** Version 1 writes "no limit" as the largest multiple of a page that fits. */
  private static final long UNLIMITED = 1L << 60;

  static ControlGroup ofThisProcess() {
    return read(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
  }

  /**
   * @param membership lines {@code ID:controllers:path}; version 2's has ID 0 and no controllers
   * @param mount where the hierarchies are mounted
   */
  static ControlGroup read(Path membership, Path mount) {
    ControlGroup tightest = NONE;
    for (String line : lines(membership)) {
      String[] fields = line.split(":", 3);
      if (fields.length != 3) {
        continue;
      }
      List<String> controllers = Arrays.asList(fields[1].split(",", -1));
      if (fields[1].isEmpty() && Files.exists(mount.resolve("cgroup.controllers"))) {
        tightest = tightest.and(version2(mount, fields[2]));
      } else if (controllers.contains("cpu")) {
        tightest = tightest.and(version1Cpu(mounted(mount, fields[1], "cpu"), fields[2]));
      } else if (controllers.contains("memory")) {
        tightest = tightest.and(version1Memory(mounted(mount, fields[1], "memory"), fields[2]));
      }
    }
    return tightest;
  }

  private ControlGroup and(ControlGroup other) {
    return new ControlGroup(
        Math.max(version, other.version),
        Math.min(cpus, other.cpus),
        Math.min(memoryBytes, other.memoryBytes));
  }

  private static ControlGroup version2(Path mount, String path) {
    ControlGroup tightest = new ControlGroup(2, NONE.cpus, NONE.memoryBytes);
    for (Path group : upwards(mount, path)) {
      String[] cpu = first(group.resolve("cpu.max")).orElse("max 100000").split(" ", -1);
      double quota =
          cpu.length == 2 && !cpu[0].equals("max") ? number(cpu[0]) / number(cpu[1]) : NONE.cpus;
      String memory = first(group.resolve("memory.max")).orElse("max");
      tightest =
          tightest.and(
              new ControlGroup(
                  2, quota, memory.equals("max") ? NONE.memoryBytes : (long) number(memory)));
    }
    return tightest;
  }

  private static ControlGroup version1Cpu(Path mount, String path) {
    ControlGroup tightest = new ControlGroup(1, NONE.cpus, NONE.memoryBytes);
    for (Path group : upwards(mount, path)) {
      double quota = number(first(group.resolve("cpu.cfs_quota_us")).orElse("-1"));
      double period = number(first(group.resolve("cpu.cfs_period_us")).orElse("100000"));
      if (quota > 0) {
        tightest = tightest.and(new ControlGroup(1, quota / period, NONE.memoryBytes));
      }
    }
    return tightest;
  }

  private static ControlGroup version1Memory(Path mount, String path) {
    ControlGroup tightest = new ControlGroup(1, NONE.cpus, NONE.memoryBytes);
    for (Path group : upwards(mount, path)) {
      double bytes = number(first(group.resolve("memory.limit_in_bytes")).orElse("-1"));
      if (bytes > 0 && bytes < UNLIMITED) {
        tightest = tightest.and(new ControlGroup(1, NONE.cpus, (long) bytes));
      }
    }
    return tightest;
  }

  /** Controllers are mounted together or one by one. */
  private static Path mounted(Path mount, String together, String alone) {
    Path both = mount.resolve(together);
    return Files.isDirectory(both) ? both : mount.resolve(alone);
  }

  /** The group and those above it. In a container the path may be the host's and not exist here. */
  private static List<Path> upwards(Path mount, String path) {
    List<Path> groups = new ArrayList<>();
    Path group = mount.resolve(path.substring(path.startsWith("/") ? 1 : 0)).normalize();
    while (group != null && group.startsWith(mount)) {
      groups.add(group);
      group = group.getParent();
    }
    return groups;
  }

  private static Optional<String> first(Path file) {
    return lines(file).stream().findFirst().map(String::strip);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}

package dev.convoy.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  private ControlGroup read(String membership) throws IOException {
    write("membership", membership);
    return ControlGroup.read(root.resolve("membership"), root.resolve("cgroup"));
  }

  @Test
  void version2TakesTheTightestLimitOnTheWayUp() throws IOException {
    write("cgroup/cgroup.controllers", "cpu memory");
    write("cgroup/a/cpu.max", "150000 100000");
    write("cgroup/a/memory.max", "max");
    write("cgroup/a/b/cpu.max", "max 100000");
    write("cgroup/a/b/memory.max", "1073741824");
    assertEquals(new ControlGroup(2, 1.5, 1L << 30), read("0::/a/b"));
    assertEquals(new ControlGroup(2, Double.POSITIVE_INFINITY, Long.MAX_VALUE), read("0::/"));
  }

  @Test
  void version1ReadsEveryController() throws IOException {
    write("cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000");
    write("cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");
    write("cgroup/memory/docker/x/memory.limit_in_bytes", "536870912");
    write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    assertEquals(
        new ControlGroup(1, 0.5, 1L << 29),
        read("4:cpu,cpuacct:/not/here\n5:memory:/docker/x\n0::/"));
  }

  @Test
  void damagedOrMissingFilesAreNoLimit() throws IOException {
    assertEquals(ControlGroup.NONE, read("nonsense"));
    assertEquals(ControlGroup.NONE, ControlGroup.read(root.resolve("no"), root.resolve("none")));
    write("cgroup/cgroup.controllers", "");
    write("cgroup/cpu.max", "nonsense");
    write("cgroup/memory.max", "max");
    assertEquals(Double.POSITIVE_INFINITY, read("0::/../..").cpus());
  }
}

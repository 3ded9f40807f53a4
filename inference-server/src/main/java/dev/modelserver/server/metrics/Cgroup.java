package dev.modelserver.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * What the kernel counts of this container: memory, CPU time and their limits. Each is empty where
 * there is no cgroup, no limit, or the file cannot be read.
 */
sealed interface Cgroup {

  /** Memory in bytes, with the page cache. */
  OptionalDouble memoryUsage();

  /** Memory in bytes without the page cache that was not used lately, as the kubelet counts it. */
  OptionalDouble memoryWorkingSet();

  /** The memory limit in bytes. */
  OptionalDouble memoryLimit();

  /** CPU time in seconds. */
  OptionalDouble cpuUsage();

  /** Time in seconds for which threads had to wait because the CPU limit was used up. */
  OptionalDouble cpuThrottled();

  /** The CPU limit in cores. */
  OptionalDouble cpuLimit();

  /**
   * The cgroup of this process.
   *
   * @param root the root of the file system
   */
  static Cgroup of(Path root) {
    Path mount = root.resolve("sys/fs/cgroup");
    List<String> own = lines(root.resolve("proc/self/cgroup"));
    return Files.exists(mount.resolve("cgroup.controllers"))
        ? new V2(directory(mount, own, ""))
        : new V1(
            directory(mount.resolve("memory"), own, "memory"),
            directory(mount.resolve("cpu"), own, "cpu"),
            directory(mount.resolve("cpuacct"), own, "cpuacct"));
  }

  /** The unified hierarchy. */
  record V2(Path directory) implements Cgroup {
    @Override
    public OptionalDouble memoryUsage() {
      return number(directory.resolve("memory.current"));
    }

    @Override
    public OptionalDouble memoryWorkingSet() {
      return less(memoryUsage(), field(directory.resolve("memory.stat"), "inactive_file"));
    }

    @Override
    public OptionalDouble memoryLimit() {
      return number(directory.resolve("memory.max"));
    }

    @Override
    public OptionalDouble cpuUsage() {
      return scaled(field(directory.resolve("cpu.stat"), "usage_usec"), micros -> micros / 1e6);
    }

    @Override
    public OptionalDouble cpuThrottled() {
      return scaled(field(directory.resolve("cpu.stat"), "throttled_usec"), micros -> micros / 1e6);
    }

    /** {@code max 100000} without a limit, else quota and period. */
    @Override
    public OptionalDouble cpuLimit() {
      String[] parts =
          lines(directory.resolve("cpu.max")).stream().findFirst().orElse("").split(" ");
      return parts.length == 2 ? ratio(number(parts[0]), number(parts[1])) : OptionalDouble.empty();
    }
  }

  /** A hierarchy for each controller. */
  record V1(Path memory, Path cpu, Path accounting) implements Cgroup {
    /** Without a limit the kernel tells the largest multiple of a page. */
    private static final double UNLIMITED = 1L << 62;

    @Override
    public OptionalDouble memoryUsage() {
      return number(memory.resolve("memory.usage_in_bytes"));
    }

    @Override
    public OptionalDouble memoryWorkingSet() {
      return less(memoryUsage(), field(memory.resolve("memory.stat"), "total_inactive_file"));
    }

    @Override
    public OptionalDouble memoryLimit() {
      OptionalDouble limit = number(memory.resolve("memory.limit_in_bytes"));
      return limit.orElse(UNLIMITED) < UNLIMITED ? limit : OptionalDouble.empty();
    }

    @Override
    public OptionalDouble cpuUsage() {
      return scaled(number(accounting.resolve("cpuacct.usage")), nanos -> nanos / 1e9);
    }

    @Override
    public OptionalDouble cpuThrottled() {
      return scaled(field(cpu.resolve("cpu.stat"), "throttled_time"), nanos -> nanos / 1e9);
    }

    /** The quota is -1 without a limit. */
    @Override
    public OptionalDouble cpuLimit() {
      return ratio(
          number(cpu.resolve("cpu.cfs_quota_us")), number(cpu.resolve("cpu.cfs_period_us")));
    }
  }

  /**
   * Where the files are: in a container the mount itself is its cgroup; where the whole hierarchy
   * is mounted, the process says where it is.
   *
   * @param controller empty: the unified hierarchy
   */
  private static Path directory(Path mount, List<String> own, String controller) {
    return own.stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .filter(parts -> List.of(parts[1].split(",")).contains(controller))
        .map(parts -> mount.resolve(parts[2].substring(parts[2].startsWith("/") ? 1 : 0)))
        .map(Path::normalize)
        .filter(path -> path.startsWith(mount) && Files.isDirectory(path))
        .findFirst()
        .orElse(mount);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static OptionalDouble number(Path file) {
    return lines(file).stream().findFirst().map(Cgroup::number).orElseGet(OptionalDouble::empty);
  }

  private static OptionalDouble field(Path file, String name) {
    return lines(file).stream()
        .map(line -> line.split(" ", 2))
        .filter(parts -> parts.length == 2 && parts[0].equals(name))
        .flatMapToDouble(
            parts -> Stream.of(number(parts[1])).flatMapToDouble(OptionalDouble::stream))
        .findFirst();
  }

  /** Empty for anything but digits, such as {@code max}. */
  private static OptionalDouble number(String text) {
    return text.strip().matches("[0-9]{1,19}")
        ? OptionalDouble.of(Double.parseDouble(text.strip()))
        : OptionalDouble.empty();
  }

  private static OptionalDouble scaled(OptionalDouble value, DoubleUnaryOperator scale) {
    return value.stream().map(scale).findFirst();
  }

  private static OptionalDouble less(OptionalDouble value, OptionalDouble part) {
    return scaled(value, whole -> Math.max(0, whole - part.orElse(0)));
  }

  private static OptionalDouble ratio(OptionalDouble quota, OptionalDouble period) {
    return period.orElse(0) > 0
        ? scaled(quota, micros -> micros / period.getAsDouble())
        : OptionalDouble.empty();
  }
}

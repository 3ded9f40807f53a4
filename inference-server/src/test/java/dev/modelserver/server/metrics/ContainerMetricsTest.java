package dev.modelserver.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMetricsTest {
  @TempDir private Path root;

  @Test
  void theUnifiedHierarchy() throws IOException {
    file("proc/self/cgroup", "0::/");
    file("sys/fs/cgroup/cgroup.controllers", "cpu memory");
    file("sys/fs/cgroup/memory.current", "300");
    file("sys/fs/cgroup/memory.max", "512");
    file("sys/fs/cgroup/memory.stat", "anon 100", "inactive_file 120", "active_file 60");
    file("sys/fs/cgroup/cpu.stat", "usage_usec 2500000", "throttled_usec 500000");
    file("sys/fs/cgroup/cpu.max", "150000 100000");

    assertThat(text())
        .contains(
            "# TYPE ml_container_memory_usage_bytes gauge",
            "ml_container_memory_usage_bytes 300.0",
            "ml_container_memory_working_set_bytes 180.0",
            "ml_container_memory_limit_bytes 512.0",
            "# TYPE ml_container_cpu_usage_seconds_total counter",
            "ml_container_cpu_usage_seconds_total 2.5",
            "ml_container_cpu_throttled_seconds_total 0.5",
            "ml_container_cpu_limit_cores 1.5");
  }

  @Test
  void aHierarchyForEachController() throws IOException {
    file("proc/self/cgroup", "4:memory:/kubepods/pod1/c1", "2:cpu,cpuacct:/kubepods/pod1/c1");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "300");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "512");
    file("sys/fs/cgroup/memory/memory.stat", "inactive_file 1", "total_inactive_file 120");
    file("sys/fs/cgroup/cpuacct/cpuacct.usage", "2500000000");
    file("sys/fs/cgroup/cpu/cpu.stat", "nr_periods 9", "throttled_time 500000000");
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");

    assertThat(text())
        .contains(
            "ml_container_memory_usage_bytes 300.0",
            "ml_container_memory_working_set_bytes 180.0",
            "ml_container_memory_limit_bytes 512.0",
            "ml_container_cpu_usage_seconds_total 2.5",
            "ml_container_cpu_throttled_seconds_total 0.5",
            "ml_container_cpu_limit_cores 0.5");
  }

  @Test
  void theProcessSaysWhereItIsInAWholeHierarchy() throws IOException {
    file("proc/self/cgroup", "4:memory:/model", "1:name=systemd:/other");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "9000");
    file("sys/fs/cgroup/memory/model/memory.usage_in_bytes", "300");

    assertThat(text())
        .contains("ml_container_memory_usage_bytes 300.0")
        .doesNotContain("ml_container_cpu_usage_seconds_total");
  }

  @Test
  void withoutLimitsNoneIsTold() throws IOException {
    file("sys/fs/cgroup/cgroup.controllers", "cpu memory");
    file("sys/fs/cgroup/memory.current", "300");
    file("sys/fs/cgroup/memory.max", "max");
    file("sys/fs/cgroup/cpu.max", "max 100000");
    assertThat(text()).contains("ml_container_memory_usage_bytes 300.0").doesNotContain("_limit_");

    Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "300");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    assertThat(text()).contains("ml_container_memory_usage_bytes 300.0").doesNotContain("_limit_");
  }

  @Test
  void withoutACgroupNothingIsTold() throws IOException {
    assertThat(text()).isEmpty();

    file("proc/self/cgroup", "0::/../..", "nonsense");
    file("sys/fs/cgroup/cgroup.controllers", "");
    file("sys/fs/cgroup/memory.current", "");
    file("sys/fs/cgroup/memory.stat", "inactive_file");
    file("sys/fs/cgroup/cpu.max", "100000");
    assertThat(text()).isEmpty();
  }

  private void file(String path, String... lines) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  private String text() throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new ContainerMetrics.Reading(() -> Cgroup.of(root)));
    StringWriter text = new StringWriter();
    io.prometheus.client.exporter.common.TextFormat.write004(text, registry.metricFamilySamples());
    return text.toString();
  }
}

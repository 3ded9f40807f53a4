package dev.modelserver.operator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configuration of the operator: {@code MODELSERVER_*} in its environment. */
@ConfigMapping(prefix = "modelserver")
public interface OperatorConfig {

  /** Image of the inference server for a ModelServer that names none. */
  @WithDefault("docker.io/modelserver/server:0.1.0")
  String defaultImage();

  /** Hosts that a model may be fetched from over the network; empty: any host. */
  Optional<List<String>> modelHosts();

  /** Highest {@code spec.model.maxSize}, for example 10Gi; empty: as the schema has it. */
  Optional<String> maxModelSize();

  /** What keys of {@code spec.pod.labels} must begin with; empty: anything. */
  Optional<List<String>> podLabelPrefixes();

  /** What models' pods get whose spec says nothing of it, as a JSON object; empty: nothing. */
  Optional<String> modelDefaults();

  /** Whether several operators elect the one that acts. */
  @WithDefault("true")
  boolean leaderElection();

  /** Name of the leader-election Lease in the operator's own namespace. */
  @WithDefault("modelserver-operator")
  String leaseName();

  /** How long a terminating pod goes on answering while endpoints notice. */
  @WithDefault("5s")
  Duration drainDelay();

  /** How long after its last pass a ModelServer is looked at again, without any change. */
  @WithDefault("3m")
  Duration resync();
}

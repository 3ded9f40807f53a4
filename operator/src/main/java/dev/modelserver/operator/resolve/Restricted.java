package dev.modelserver.operator.resolve;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Pod Security `restricted` allows of the users and groups of a pod. */
public final class Restricted {
  private static final List<String> SELINUX_TYPES =
      List.of("container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private Restricted() {}

  /** Whether it allows these. */
  public static boolean allows(PodSecurityContext context) {
    return rootless(context) && confined(context.getSeLinuxOptions());
  }

  private static boolean rootless(PodSecurityContext context) {
    return context.getRunAsUser() == null || context.getRunAsUser() >= 1;
  }

  private static boolean confined(@Nullable SELinuxOptions options) {
    return options == null
        || (options.getUser() == null
            && options.getRole() == null
            && (options.getType() == null
                || options.getType().isEmpty()
                || SELINUX_TYPES.contains(options.getType())));
  }

  static PodSecurityContext require(PodSecurityContext context) {
    if (!rootless(context)) {
      throw new IllegalArgumentException(
          "spec.pod.securityContext.runAsUser %d is root: choose a user from 1 on"
              .formatted(context.getRunAsUser()));
    }
    if (!confined(context.getSeLinuxOptions())) {
      throw new IllegalArgumentException(
          "spec.pod.securityContext.seLinuxOptions.type \"%s\" is not confined as Pod Security restricted requires: choose %s"
              .formatted(context.getSeLinuxOptions().getType(), String.join(", ", SELINUX_TYPES)));
    }
    return context;
  }
}

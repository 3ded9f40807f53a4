package dev.modelserver.e2e.cluster;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a class where there is no cluster (and fails it under CI, where that would hide
 * everything), installs the operator before a class, keeps what is needed to understand a failure,
 * and removes the operator after the last class.
 */
final class ClusterExtension
    implements ExecutionCondition,
        BeforeAllCallback,
        AfterTestExecutionCallback,
        AfterEachCallback,
        AfterAllCallback {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Settings settings = Settings.fromEnvironment();
    if (settings.kubeconfig().isPresent()) {
      return ConditionEvaluationResult.enabled("a cluster is named by KUBECONFIG");
    }
    String reason = "KUBECONFIG is not set: set it to the kubeconfig file of a test cluster";
    if (settings.ci()) {
      throw new ExtensionConfigurationException(
          reason + " (with CI=true no cluster test may be skipped)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(ClusterExtension.class))
        .computeIfAbsent(Run.class, key -> new Run(OperatorInstall.get()), Run.class);
    OperatorInstall.get().install();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context
        .getExecutionException()
        .ifPresent(
            failure ->
                Diagnostics.write(
                    context.getRequiredTestClass().getSimpleName()
                        + "."
                        + context.getDisplayName().replaceAll("[^A-Za-z0-9]+", "-")));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestNamespace.deleteClosed();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TestNamespace.deleteClosed();
  }

  /** Closed by JUnit after the last class. */
  private record Run(OperatorInstall operator) implements AutoCloseable {
    @Override
    public void close() {
      operator.removeIfAdded();
    }
  }
}

package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.shared.SharedServers;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Implements {@link SandboxTest}. A nested class uses the sandbox of the enclosing class. */
final class SandboxExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  /**
   * Configures how long threads and connections may take to end after a test class. Tests of this
   * extension set it.
   */
  static final String LEAK_BOUND = "sluice.sandbox.leak.bound";

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Namespace NAMESPACE = Namespace.create(SandboxExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    scope(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    TestClassScope scope = scope(context);
    if (scope.testClass().equals(context.getRequiredTestClass())) {
      scope.end(leakBound(context));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Sandbox.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return scope(context).sandbox();
  }

  private static Duration leakBound(ExtensionContext context) {
    return context.getConfigurationParameter(LEAK_BOUND).map(Duration::parse).orElse(BOUND);
  }

  /**
   * Returns the scope of the test class. The first callback creates it. This is not always
   * beforeAll: with one instance for the whole class, JUnit resolves the constructor's parameters
   * earlier.
   */
  private static TestClassScope scope(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            TestClassScope.class,
            key -> TestClassScope.begin(context.getRequiredTestClass(), SharedServers.get()),
            TestClassScope.class);
  }
}

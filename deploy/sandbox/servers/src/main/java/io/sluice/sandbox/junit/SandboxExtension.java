package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.shared.SharedServers;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link SandboxTest} does. A nested class uses the sandbox of the class around it. */
final class SandboxExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SandboxExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    visit(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Visit visit = visit(context);
    if (visit.testClass().equals(context.getRequiredTestClass())) {
      visit.end();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Sandbox.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return visit(context).sandbox();
  }

  /** Begun by whatever comes first: an instance for the whole class is made before beforeAll. */
  private static Visit visit(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            Visit.class,
            key -> Visit.begin(context.getRequiredTestClass(), SharedServers.get()),
            Visit.class);
  }
}

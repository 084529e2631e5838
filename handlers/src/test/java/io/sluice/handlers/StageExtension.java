package io.sluice.handlers;

import io.sluice.sandbox.junit.Sandbox;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Implements {@link WithStage}. */
final class StageExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(StageExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    // The extension of @SandboxTest resolves the constructor's parameter.
    StageResources resources =
        context
            .getExecutableInvoker()
            .invoke(StageResources.class.getDeclaredConstructor(Sandbox.class));
    context.getStore(NAMESPACE).put(StageResources.class, resources);
  }

  /** Runs before the sandbox checks for leaked threads and connections. */
  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    resources(context).close();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Stage.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new Stage(resources(context));
  }

  private static StageResources resources(ExtensionContext context) {
    return Objects.requireNonNull(
        context.getStore(NAMESPACE).get(StageResources.class, StageResources.class));
  }
}

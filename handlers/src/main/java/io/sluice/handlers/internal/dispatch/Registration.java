package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.Handler;
import io.sluice.handlers.api.RetryPolicy;
import java.util.Objects;

/** A handler and its retry policy. */
public record Registration(Handler handler, RetryPolicy policy) {

  public Registration {
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(policy, "policy");
  }
}

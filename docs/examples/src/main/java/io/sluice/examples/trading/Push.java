package io.sluice.examples.trading;

import java.util.concurrent.CompletionStage;

/** Messages to the users' devices. Thread-safe. */
interface Push {

  /** Begins to send a message; the same key again changes nothing. */
  CompletionStage<Void> send(String idempotencyKey, String userId, String message);
}

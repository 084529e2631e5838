package io.sluice.handlers.api;

/**
 * Business code for one type of event.
 *
 * <p>The handler is called at least once for each event. When it returns, the event becomes
 * PUBLISHED. It is called again with the same {@link HandledEvent#id id} if the worker crashes
 * before the row is written, or if two workers own the partition for a moment. Effects that must
 * not happen twice must depend on that id, or be written to the shard's database by a {@link
 * TransactionalEventHandler}.
 *
 * <p>Events of one aggregate are handled in the order of their commits, each after the row of the
 * one before it is written. Different aggregates are handled concurrently, so an implementation
 * must be thread-safe.
 */
@FunctionalInterface
public non-sealed interface EventHandler extends Handler {

  /**
   * Handles one event. Returning means success.
   *
   * <p>Any exception is a failure of the event, including errors such as {@link AssertionError},
   * {@link LinkageError} and {@link StackOverflowError}. It is counted in the row, and the event is
   * retried after a backoff unless it has reached its limit. Two cases are retried without being
   * counted: other {@link VirtualMachineError}s such as {@link OutOfMemoryError}, and exceptions
   * after the call was abandoned.
   *
   * <p>A call is abandoned by an interrupt of its thread. This happens when the runtime {@linkplain
   * io.sluice.handlers.HandlerRuntime#stop stops}, and when the event's partition moves to another
   * worker and the call has not ended within five seconds. A call that ignores the interrupt can
   * overlap with the next call for the same event. So can a call whose worker has lost the
   * partition without noticing, for example during a long pause of its process.
   *
   * <p>At the {@linkplain RetryPolicy#timeout() timeout}, the thread is interrupted. A call that
   * ignores the interrupt holds its aggregate and counts as a concurrent call until it returns.
   *
   * @throws Exception if the event could not be handled; its class and message are stored in the
   *     row's {@code last_error}
   */
  void handle(HandledEvent event) throws Exception;
}

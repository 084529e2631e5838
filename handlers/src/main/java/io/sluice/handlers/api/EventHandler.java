package io.sluice.handlers.api;

/**
 * Business code for one type of event.
 *
 * <p>Called at least once for each event. Once it has returned, the event becomes PUBLISHED and is
 * offered no more; but where a crash falls between the return and the write to the row, or two
 * workers hold a partition for a moment, it is called again with the same {@link HandledEvent#id
 * id}. Effects that must not happen twice are made to depend on that id, or are put into the
 * shard's database by a {@link TransactionalEventHandler}.
 *
 * <p>Events of one aggregate come one after another in the order of their commits, each after the
 * row of the one before it is written. Different aggregates come at the same time from different
 * threads: an implementation must be thread-safe.
 */
@FunctionalInterface
public non-sealed interface EventHandler extends Handler {

  /**
   * Handles one event; to return is success.
   *
   * <p>Whatever it throws is a failure of the event, errors such as {@link AssertionError}, {@link
   * LinkageError} and {@link StackOverflowError} included: it is counted on the row, and the event
   * is offered again after a while unless it has failed as often as it may. The exceptions from
   * this are an {@link OutOfMemoryError} and its like, which say nothing about the event, and
   * whatever comes out after the call was broken off: the event is offered again and nothing is
   * counted.
   *
   * <p>A call is broken off, by an interrupt of its thread, when the runtime {@linkplain
   * io.sluice.handlers.HandlerRuntime#stop ends}, and when the event's partition goes to another
   * worker and the call has not ended within five seconds. One that does not heed the interrupt
   * goes on, and may meet the next call for the same event; so may a call whose worker has lost the
   * partition before it knew, after a long pause of its process for one.
   *
   * <p>At the end of the {@linkplain RetryPolicy#timeout() time limit} the thread is interrupted. A
   * call that does not heed it holds its aggregate and one of the domain's places until it returns.
   *
   * @throws Exception why the event could not be handled; its class and message are stored in the
   *     row's {@code last_error}
   */
  void handle(HandledEvent event) throws Exception;
}

package io.sluice.handlers.api;

/**
 * Business code for one type of event.
 *
 * <p>Called at least once for each event. Once it has returned, the event is PUBLISHED and offered
 * no more; but where a crash falls between the return and the write to the row, or two workers hold
 * a partition for a moment, it is called again with the same {@link HandledEvent#id id}. Effects
 * that must not happen twice are made to depend on that id.
 *
 * <p>Events of one Kafka partition, hence of one aggregate, come one after another in the order of
 * their commits. Different partitions come at the same time from different threads: an
 * implementation must be thread-safe.
 */
@FunctionalInterface
public interface EventHandler {

  /**
   * Handles one event; to return is success.
   *
   * <p>Whatever it throws is a failure of the event, errors such as {@link AssertionError}, {@link
   * LinkageError} and {@link StackOverflowError} included: it is counted on the row, and the event
   * is offered again after a while unless it has failed as often as it may. The exceptions from
   * this are an {@link OutOfMemoryError} and its like, which say nothing about the event, and
   * whatever comes out after {@code close()} has interrupted the call: the event is offered again
   * and nothing is counted.
   *
   * <p>There is no time limit yet: a call that never returns holds its partition for good, and no
   * other. Give clients used in here timeouts of their own.
   *
   * @throws Exception why the event could not be handled; its class and message are stored in the
   *     row's {@code last_error}
   */
  void handle(HandledEvent event) throws Exception;
}

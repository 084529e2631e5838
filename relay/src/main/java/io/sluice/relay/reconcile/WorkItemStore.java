package io.sluice.relay.reconcile;

import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem;
import io.sluice.relay.state.WorkItemFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where repairs are taken up and handed in, by the same publisher as everything of the source. */
public final class WorkItemStore {

  private final Destination destination;

  public WorkItemStore(Destination destination) {
    this.destination = destination;
  }

  public <R extends WorkItem> List<R> open(Class<R> kind, int most) {
    List<R> open = destination.repairs().of(kind);
    return open.subList(0, Math.min(most, open.size()));
  }

  /** Stores that these are done. */
  public void done(Collection<? extends WorkItem> repairs) {
    publish(List.of(), List.of(), repairs);
  }

  /** Publishes events, and with them what they make necessary and that these repairs are done. */
  void publish(
      List<ProducerRecord<byte[], byte[]>> events,
      Collection<? extends WorkItem> added,
      Collection<? extends WorkItem> done) {
    PositionSlot slot = destination.slot();
    List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    done.forEach(repair -> state.add(slot.workItem(repair.key(), null)));
    added.forEach(repair -> state.add(slot.workItem(repair.key(), WorkItemFormat.toJson(repair))));
    destination.publisher().publish(events, state);
    destination.repairs().removeAll(done);
    destination.repairs().addAll(added);
  }
}

package io.sluice.relay.replay;

import io.sluice.relay.forward.Destination;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.repair.Repair;
import io.sluice.relay.repair.RepairFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where repairs are taken up and handed in, by the same publisher as everything of the source. */
public final class RepairDesk {

  private final Destination destination;

  public RepairDesk(Destination destination) {
    this.destination = destination;
  }

  public <R extends Repair> List<R> open(Class<R> kind, int most) {
    List<R> open = destination.repairs().of(kind);
    return open.subList(0, Math.min(most, open.size()));
  }

  /** Stores that these are done. */
  public void done(Collection<? extends Repair> repairs) {
    publish(List.of(), List.of(), repairs);
  }

  /** Publishes events, and with them what they make necessary and that these repairs are done. */
  void publish(
      List<ProducerRecord<byte[], byte[]>> events,
      Collection<? extends Repair> added,
      Collection<? extends Repair> done) {
    PositionSlot slot = destination.slot();
    List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    done.forEach(repair -> state.add(slot.repair(repair.key(), null)));
    added.forEach(repair -> state.add(slot.repair(repair.key(), RepairFormat.toJson(repair))));
    destination.publisher().publish(events, state);
    destination.repairs().removeAll(done);
    destination.repairs().addAll(added);
  }
}

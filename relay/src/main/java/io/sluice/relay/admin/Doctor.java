package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.preflight.BrokerCheck;
import io.sluice.relay.preflight.Finding;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.preflight.TopicCheck;
import io.sluice.relay.publish.TopicDirectory;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Checks everything that a group of relays depends on; changes nothing. Used by one thread. */
public final class Doctor {

  private static final String KAFKA = "kafka";

  private final RelayGroup group;
  private final ShardDoctor shards;
  private final List<Diagnosis> found = new ArrayList<>();

  /**
   * A doctor of this group.
   *
   * @param recovery judges stored positions
   */
  public Doctor(RelayGroup group, PositionRecovery recovery) {
    this.group = group;
    this.shards = new ShardDoctor(group, recovery);
  }

  /** Runs all checks and returns their findings. */
  public List<Diagnosis> examine() {
    found.clear();
    boolean isReached =
        add(KAFKA, "kafka.bootstrap.servers, security settings and brokers", this::brokers);
    Map<ShardId, RegisteredShard> registered = Map.of();
    if (isReached) {
      add(KAFKA, "the topics", this::topics);
      registered = group.registered();
    }
    if (!registered.isEmpty()) {
      owners(registered.values());
    }
    for (ShardSource shard : group.config().shards()) {
      ShardId id = shard.id();
      Optional<RegisteredShard> known = Optional.ofNullable(registered.get(id));
      add(
          "shard '%s'".formatted(id),
          "the shard's settings, its server and the network between",
          () -> shards.findings(shard, known, isReached));
    }
    registered.values().stream()
        .filter(source -> group.configured(source.id()).isEmpty())
        .forEach(
            source ->
                found.add(
                    new Diagnosis(
                        "shard '%s'".formatted(source.id()), ShardDoctor.orphan(source))));
    return List.copyOf(found);
  }

  /** Adds what owners report of shards in trouble. */
  private void owners(Collection<RegisteredShard> registered) {
    Map<Integer, Owner> owners = new HashMap<>();
    add(
        KAFKA,
        "the brokers",
        () -> {
          owners.putAll(group.owners());
          return List.of();
        });
    for (RegisteredShard source : registered) {
      Optional.ofNullable(owners.get(source.partition()))
          .flatMap(owner -> trouble(owner.state()))
          .ifPresent(
              finding -> found.add(new Diagnosis("shard '%s'".formatted(source.id()), finding)));
    }
  }

  private static Optional<Finding> trouble(String state) {
    if (state.startsWith(ShardState.STOPPED.name())) {
      return Optional.of(
          new Finding(
              Severity.ERROR,
              "its owner reports " + state,
              "what the report says, and docs/recovery.md; it is retried within five minutes"));
    }
    return state.startsWith(ShardState.WAITING.name())
        ? Optional.of(
            new Finding(
                Severity.WARNING,
                "its owner reports " + state,
                "it is retried automatically; check whether the cause passes"))
        : Optional.empty();
  }

  /**
   * Runs a check; a check that fails is a finding too.
   *
   * @return whether it has not failed
   */
  private boolean add(String subject, String suspects, Supplier<List<Finding>> check) {
    try {
      check.get().forEach(finding -> found.add(new Diagnosis(subject, finding)));
      return true;
    } catch (OperatorNeededException e) {
      addError(subject, e.problem(), e.remedy());
    } catch (TransientException e) {
      addError(subject, String.valueOf(e.getMessage()), "check " + suspects);
    }
    return false;
  }

  private void addError(String subject, String problem, String remedy) {
    found.add(new Diagnosis(subject, new Finding(Severity.ERROR, problem, remedy)));
  }

  private List<Finding> brokers() {
    var publishing = group.config().publishing();
    return BrokerCheck.findings(
        group.config().kafka(), publishing.delivery(), publishing.topics().replicationFactor());
  }

  private List<Finding> topics() {
    var publishing = group.config().publishing();
    TopicSettings settings = publishing.topics();
    InternalTopics internal = group.topics();
    Set<String> events =
        new TopicDirectory(settings.template(), publishing.domains(), internal.deadLetters())
            .names();
    return TopicCheck.findings(
        group.config().kafka(),
        events,
        settings.maxMessageBytes(),
        Set.of(internal.shards(), internal.positions(), internal.repairs()));
  }
}

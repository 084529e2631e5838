package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.EngineRehearsal;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.preflight.Finding;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.preflight.KafkaCheck;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.DurationText;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.StoredPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Checks everything that a group of relays depends on; changes nothing. Used by one thread. */
public final class Doctor {

  private static final String KAFKA = "kafka";

  private final RelayGroup group;
  private final List<Diagnosis> found = new ArrayList<>();

  /** A doctor of this group. */
  public Doctor(RelayGroup group) {
    this.group = group;
  }

  /**
   * A finding of the doctor.
   *
   * @param subject what it is about, such as {@code kafka} or {@code shard 'x'}
   * @param finding the problem and its remedy
   */
  public record Diagnosis(String subject, Finding finding) {}

  /** Runs all checks and returns their findings. */
  public List<Diagnosis> examine() {
    found.clear();
    boolean isReached =
        check(KAFKA, "kafka.bootstrap.servers, security settings and brokers", this::brokers);
    if (isReached) {
      check(KAFKA, "the topics", this::topics);
    }
    Map<ShardId, RegisteredShard> registered = isReached ? group.registered() : Map.of();
    for (ShardSource shard : group.config().shards()) {
      shard(shard, Optional.ofNullable(registered.get(shard.id())), isReached);
    }
    registered.values().stream()
        .filter(shard -> group.configured(shard.id()).isEmpty())
        .forEach(shard -> add(subject(shard.id()), unconfigured(shard)));
    if (!registered.isEmpty()) {
      check(KAFKA, "the brokers", () -> owners(registered));
    }
    return List.copyOf(found);
  }

  /**
   * Runs a check; a check that fails is a finding too.
   *
   * @return whether it has not failed
   */
  private boolean check(String subject, String suspects, Supplier<List<Finding>> check) {
    try {
      check.get().forEach(finding -> add(subject, finding));
      return true;
    } catch (OperatorNeededException e) {
      add(subject, Finding.error(e.problem(), e.remedy()));
    } catch (TransientException e) {
      add(subject, Finding.error(String.valueOf(e.getMessage()), "check " + suspects));
    }
    return false;
  }

  private void add(String subject, Finding finding) {
    found.add(new Diagnosis(subject, finding));
  }

  private static String subject(ShardId id) {
    return "shard '%s'".formatted(id);
  }

  private List<Finding> brokers() {
    var publishing = group.config().publishing();
    return KafkaCheck.brokers(
        group.config().kafka(), publishing.delivery(), publishing.topics().replicationFactor());
  }

  private List<Finding> topics() {
    var publishing = group.config().publishing();
    TopicSettings settings = publishing.topics();
    InternalTopics internal = group.topics();
    Set<String> state = Set.of(internal.shards(), internal.positions(), internal.repairs());
    Map<String, Optional<RelayException>> missing = group.catalog().missing();
    // Before the first provisioning there is nothing yet; then only a refusal is worth a finding.
    boolean isInUse = !missing.keySet().containsAll(state);
    List<Finding> findings = new ArrayList<>();
    missing.forEach((topic, refusal) -> missing(topic, refusal, isInUse).ifPresent(findings::add));
    findings.addAll(
        KafkaCheck.topics(
            group.config().kafka(),
            group.catalog().directory().names(),
            settings.maxMessageBytes(),
            state));
    return findings;
  }

  private static Optional<Finding> missing(
      String topic, Optional<RelayException> refusal, boolean isInUse) {
    if (refusal.isPresent()) {
      return Optional.of(
          refusal.get() instanceof OperatorNeededException refused
              ? Finding.error(refused.problem(), refused.remedy())
              : Finding.error(String.valueOf(refusal.get().getMessage()), "check the brokers"));
    }
    return isInUse
        ? Optional.of(
            Finding.warning(
                "topic %s does not exist".formatted(topic),
                "a relay creates it, empty, when it next starts a shard or fails to publish to it; if the topic was deleted, see docs/recovery.md for what was in it"))
        : Optional.empty();
  }

  /**
   * Adds what owners report of shards in trouble, unless the trouble has been found already.
   *
   * @return no findings about Kafka
   */
  private List<Finding> owners(Map<ShardId, RegisteredShard> registered) {
    Map<Integer, Owner> owners = group.owners();
    for (RegisteredShard shard : registered.values()) {
      Optional.ofNullable(owners.get(shard.partition()))
          .flatMap(owner -> trouble(owner.state()))
          .filter(trouble -> !hasError(subject(shard.id())))
          .ifPresent(finding -> add(subject(shard.id()), finding));
    }
    return List.of();
  }

  private static Optional<Finding> trouble(String state) {
    String problem = "its owner reports " + state;
    String running = ShardState.RUNNING + ": ";
    if (state.startsWith(running)) {
      return Optional.of(
          Finding.error(
              state.substring(running.length()),
              "what the message says; events are still relayed meanwhile"));
    }
    if (state.startsWith(ShardState.STOPPED.name())) {
      return Optional.of(
          Finding.error(
              problem,
              "what the report says, and docs/recovery.md; it is retried within five minutes"));
    }
    return state.startsWith(ShardState.WAITING.name())
        ? Optional.of(
            Finding.warning(problem, "it is retried automatically; check whether the cause passes"))
        : Optional.empty();
  }

  private boolean hasError(String subject) {
    return found.stream()
        .anyMatch(
            one -> one.subject().equals(subject) && one.finding().severity() == Severity.ERROR);
  }

  /**
   * Adds all findings about a configured shard: its server, its tables, its position.
   *
   * @param isKafkaReached whether the registry could be read
   */
  private void shard(
      ShardSource configured, Optional<RegisteredShard> registered, boolean isKafkaReached) {
    String subject = subject(configured.id());
    String suspects = "the shard's settings, its server and the network between";
    ShardSource source = registered.map(group::source).orElse(configured);
    check(
        subject,
        suspects,
        () -> ShardCheck.findings(source, group.config().publishing().delivery()));
    if (!hasError(subject)) {
      check(subject, suspects, () -> start(source, registered));
    }
    if (registered.isEmpty() && isKafkaReached) {
      add(
          subject,
          Finding.warning(
              "it is not provisioned yet, so events written now are found only by reconciliation",
              "sluice-relay shards add %s; or start a relay, which does it too"
                  .formatted(source.id())));
    }
  }

  /** Whether the shard can be read from its position, or from now on if it has none. */
  private List<Finding> start(ShardSource source, Optional<RegisteredShard> registered) {
    if (registered.isEmpty()) {
      EngineRehearsal.atEnd(source);
      return List.of();
    }
    if (registered.get().phase() == Phase.DRAINED) {
      return List.of(
          Finding.warning(
              "it is drained, so nothing of it is relayed",
              "sluice-relay shards resume %s; or take it out of the configuration and remove it"
                  .formatted(source.id())));
    }
    Optional<StoredPosition> stored = group.state().position(registered.get());
    PositionState state = group.check(source, stored);
    if (state instanceof PositionState.Usable) {
      stored.ifPresent(known -> EngineRehearsal.run(source, known.position()));
      return List.of();
    }
    return List.of(
        state instanceof PositionState.Lagging
            ? Finding.warning(state.problem(), "wait until the replica has caught up")
            : lost(source.id(), state));
  }

  private Finding lost(ShardId id, PositionState state) {
    if (group.config().recovery().approval() == Approval.OPERATOR) {
      return Finding.error(
          state.problem(),
          "restore what is missing, or approve that the position is abandoned: sluice-relay shards heal %s"
              .formatted(id));
    }
    return Finding.warning(
        state.problem(),
        "restore what is missing within %s, or let the relay recover: it continues at the current end of the binlog and reconciles the table"
            .formatted(DurationText.of(group.config().recovery().patience())));
  }

  private static Finding unconfigured(RegisteredShard shard) {
    String problem =
        "it is registered (%s), but not in this configuration".formatted(shard.phase());
    return shard.phase() == Phase.DRAINED
        ? Finding.warning(problem, "sluice-relay shards remove %s".formatted(shard.id()))
        : Finding.error(
            problem,
            "give all relays of the group the same shards; or put it back, drain it (sluice-relay shards drain %s), and then remove it"
                .formatted(shard.id()));
  }
}

package io.sluice.handlers;

import static io.sluice.handlers.Until.until;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topics of one test, its consumer groups and their offsets. */
final class StageTopics {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Admin admin;
  private final String brokers;
  private final String prefix;

  /**
   * @param prefix the prefix of topics and groups, unique for each test
   */
  StageTopics(Admin admin, String brokers, String prefix) {
    this.admin = admin;
    this.brokers = brokers;
    this.prefix = prefix;
  }

  TopicTemplate template() {
    return new TopicTemplate(prefix + "${domain}");
  }

  String groupPrefix() {
    return prefix;
  }

  String topic(EventDomain domain) {
    return template().topic(domain);
  }

  private String deadLetterTopic(EventDomain domain) {
    return topic(domain) + ".dlq";
  }

  private static NewTopic newTopic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1);
  }

  void create(EventDomain domain, int partitions) throws Exception {
    create(List.of(newTopic(topic(domain), partitions), newTopic(deadLetterTopic(domain), 1)));
  }

  void createWithoutDeadLetters(EventDomain domain) throws Exception {
    create(List.of(newTopic(topic(domain), 1)));
  }

  void createDeadLetters(EventDomain domain) throws Exception {
    create(List.of(newTopic(deadLetterTopic(domain), 1)));
  }

  void createDeadLetters(EventDomain domain, int maxBytes) throws Exception {
    create(
        List.of(
            newTopic(deadLetterTopic(domain), 1)
                .configs(Map.of("max.message.bytes", Integer.toString(maxBytes)))));
  }

  private void create(List<NewTopic> topics) throws Exception {
    answer(admin.createTopics(topics).all());
    List<String> names = topics.stream().map(NewTopic::name).toList();
    until("topics " + names, () -> areSeen(names));
  }

  private boolean areSeen(List<String> names) throws Exception {
    try {
      answer(admin.describeTopics(names).allTopicNames());
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private static <T> T answer(KafkaFuture<T> future) throws Exception {
    return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits for this number of dead letters of a domain. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(EventDomain domain, int count) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    TopicPartition partition = new TopicPartition(deadLetterTopic(domain), 0);
    try (Consumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      until(
          count + " dead letters",
          () -> {
            reader.poll(Duration.ofMillis(100)).forEach(letters::add);
            return letters.size() >= count;
          });
    }
    return letters;
  }

  /** Deletes records like retention does. */
  void deleteRecords(EventDomain domain, int partition, long before) throws Exception {
    TopicPartition name = new TopicPartition(topic(domain), partition);
    answer(admin.deleteRecords(Map.of(name, RecordsToDelete.beforeOffset(before))).all());
  }

  private String group(EventDomain domain) {
    return groupPrefix() + domain.lowerCaseName();
  }

  /** The number of consumers in the domain's group. */
  long membersOf(EventDomain domain) throws Exception {
    return answer(admin.describeConsumerGroups(List.of(group(domain))).all()).values().stream()
        .mapToLong(description -> description.members().size())
        .sum();
  }

  /** Removes the members of a domain's group, as the coordinator does after a session timeout. */
  void expireMembersOf(EventDomain domain) throws Exception {
    answer(
        admin
            .removeMembersFromConsumerGroup(
                group(domain), new RemoveMembersFromConsumerGroupOptions())
            .all());
  }

  /** The committed offset of the domain's group; 0 if there is none. */
  long committed(EventDomain domain, int partition) throws Exception {
    OffsetAndMetadata offset =
        answer(admin.listConsumerGroupOffsets(group(domain)).partitionsToOffsetAndMetadata())
            .get(new TopicPartition(topic(domain), partition));
    return offset == null ? 0 : offset.offset();
  }

  void awaitCommitted(EventDomain domain, int partition, long offset) throws Exception {
    until(
        "offset %d of %s-%d committed".formatted(offset, domain, partition),
        () -> committed(domain, partition) == offset);
  }
}

package io.sluice.examples.downstream;

import static io.sluice.examples.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.support.MessageBuilder;

/** A listener of Spring Kafka, and what becomes of a record's header {@code id} in a message. */
@SandboxTest
class TurnoverListenerIT {

  private static final String ID = "0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001";

  static final class Received {

    final List<String> ids = new CopyOnWriteArrayList<>();
    final List<String> annotated = new CopyOnWriteArrayList<>();
    final List<Message<?>> messages = new CopyOnWriteArrayList<>();

    @KafkaListener(
        topics = "${orders.topic}",
        groupId = "annotated",
        properties = "auto.offset.reset=earliest")
    void on(Message<?> message, @Header("id") String id) {
      annotated.add(id);
      messages.add(message);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableKafka
  static class Listeners {

    @Bean
    Received received() {
      return new Received();
    }

    @Bean
    TurnoverListener turnoverListener(Received received) {
      return new TurnoverListener((id, order) -> received.ids.add(id));
    }

    @Bean
    ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
      ConcurrentKafkaListenerContainerFactory<String, String> containers =
          new ConcurrentKafkaListenerContainerFactory<>();
      containers.setConsumerFactory(
          new DefaultKafkaConsumerFactory<>(
              Map.of("bootstrap.servers", System.getProperty("orders.brokers")),
              new StringDeserializer(),
              new StringDeserializer()));
      return containers;
    }
  }

  @Test
  void theIdOfTheEventIsReadFromTheRecord(Sandbox sandbox) throws Exception {
    String topic = sandbox.topics().create("portfolio", 1);
    String brokers = sandbox.kafka().bootstrapServers();
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers), new StringSerializer(), new StringSerializer())) {
      ProducerRecord<String, String> event =
          new ProducerRecord<>(topic, "o-1", "{\"symbol\": \"AAPL\", \"amount\": 10.50}");
      event
          .headers()
          .add("id", ID.getBytes(UTF_8))
          .add("eventType", "order_placed".getBytes(UTF_8));
      producer.send(event).get();
    }
    System.setProperty("orders.topic", topic);
    System.setProperty("orders.brokers", brokers);
    Received received;
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(Listeners.class)) {
      received = context.getBean(Received.class);
      until("both listeners called", () -> !received.ids.isEmpty() && !received.messages.isEmpty());
    } finally {
      System.clearProperty("orders.topic");
      System.clearProperty("orders.brokers");
    }

    assertEquals(List.of(ID), received.ids);
    assertEquals(List.of(ID), received.annotated);
    MessageHeaders headers = received.messages.get(0).getHeaders();
    assertThrows(IllegalArgumentException.class, headers::getId);
    Message<?> copy =
        MessageBuilder.fromMessage(received.messages.get(0)).setHeader("more", "1").build();
    assertNotEquals(ID, String.valueOf(copy.getHeaders().getId()), "a copy has a new, random id");
  }
}

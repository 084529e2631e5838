package io.sluice.examples.downstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.examples.Until;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.support.MessageBuilder;

/** A listener of Spring Kafka, and what becomes of a record's header {@code id} in a message. */
@SandboxTest
class TurnoverListenerIT {

  private static final String ID = "0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001";

  static final class Messages {

    final List<String> annotated = new CopyOnWriteArrayList<>();
    final List<Message<?>> received = new CopyOnWriteArrayList<>();

    @KafkaListener(
        topics = "${orders.topic}",
        groupId = "annotated",
        properties = "auto.offset.reset=earliest")
    void on(Message<?> message, @Header("id") String id) {
      annotated.add(id);
      received.add(message);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableKafka
  static class Listeners {

    @Bean
    static PropertySourcesPlaceholderConfigurer placeholders(Properties settings) {
      PropertySourcesPlaceholderConfigurer placeholders =
          new PropertySourcesPlaceholderConfigurer();
      placeholders.setProperties(settings);
      return placeholders;
    }

    @Bean
    ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
        Properties settings) {
      ConsumerFactory<String, String> consumers =
          new DefaultKafkaConsumerFactory<>(
              Map.of("bootstrap.servers", settings.getProperty("brokers")),
              new StringDeserializer(),
              new StringDeserializer());
      ConcurrentKafkaListenerContainerFactory<String, String> containers =
          new ConcurrentKafkaListenerContainerFactory<>();
      containers.setConsumerFactory(consumers);
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
    List<String> ids = new CopyOnWriteArrayList<>();
    Messages messages = new Messages();
    Properties settings = new Properties();
    settings.setProperty("orders.topic", topic);
    settings.setProperty("brokers", brokers);
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.registerBean("settings", Properties.class, () -> settings);
      context.registerBean(
          TurnoverListener.class, () -> new TurnoverListener((id, order) -> ids.add(id)));
      context.registerBean(Messages.class, () -> messages);
      context.register(Listeners.class);
      context.refresh();
      Until.until("both listeners called", () -> !ids.isEmpty() && !messages.received.isEmpty());
    }

    assertEquals(List.of(ID), ids);
    assertEquals(List.of(ID), messages.annotated);
    MessageHeaders headers = messages.received.get(0).getHeaders();
    assertThrows(IllegalArgumentException.class, headers::getId);
    Message<?> copy =
        MessageBuilder.fromMessage(messages.received.get(0)).setHeader("more", "1").build();
    assertNotEquals(ID, String.valueOf(copy.getHeaders().getId()), "a copy has a new, random id");
  }
}

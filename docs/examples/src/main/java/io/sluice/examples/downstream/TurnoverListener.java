package io.sluice.examples.downstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** Passes on the orders of a topic with the ids of their events. */
class TurnoverListener {

  private final ObjectMapper json = new ObjectMapper();
  private final BiConsumer<String, JsonNode> turnover;

  TurnoverListener(BiConsumer<String, JsonNode> turnover) {
    this.turnover = turnover;
  }

  @KafkaListener(
      topics = "${orders.topic}",
      groupId = "turnover", // your own, never one of sluice.handlers
      properties = {"isolation.level=read_committed", "auto.offset.reset=earliest"})
  void on(ConsumerRecord<String, String> event) throws IOException {
    if (header(event, "eventType").equals("order_placed")) {
      turnover.accept(header(event, "id"), json.readTree(event.value()));
    }
  }

  private static String header(ConsumerRecord<?, ?> event, String name) {
    return new String(event.headers().lastHeader(name).value(), UTF_8);
  }
}

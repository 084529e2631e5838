package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaPropertiesTest {

  private static List<String> problems(Map<String, ?> given) {
    Map<String, Object> all = new HashMap<>(given);
    all.put("bootstrap.servers", "localhost:9092");
    return new KafkaProperties(all).problems();
  }

  @Test
  void soundPropertiesHaveNone() {
    assertEquals(List.of(), problems(Map.of("retries", 3, "session.timeout.ms", 6_000)));
  }

  @Test
  void theReaderOfEachGroupHasItsOwnClientIdAndNoGroup() {
    Map<String, Object> properties =
        new KafkaProperties(Map.of("client.id", "worker-1")).forReader("g.chat");
    assertEquals("worker-1.g.chat.reader", properties.get("client.id"));
    assertFalse(properties.containsKey("group.id"));
  }

  @Test
  void whatTheProducerOfDeadLettersRefusesIsToldBeforeTheFirstLetter() {
    Map.of("retries", 0, "max.in.flight.requests.per.connection", 10)
        .forEach(
            (property, value) -> {
              List<String> problems = problems(Map.of(property, value));

              assertEquals(1, problems.size(), property);
              assertTrue(problems.get(0).contains(property), problems.get(0));
            });
  }
}

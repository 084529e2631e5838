package io.sluice.relay.publish;

import io.sluice.relay.publish.TopicKeeper.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;

/** Asks topics that exist how much they take. */
final class TopicLimits {

  private TopicLimits() {}

  /**
   * What each takes; where the relay may not know, as much as the relay sends.
   *
   * @param most that the relay sends
   */
  static Map<String, Topic> of(Admin admin, Collection<String> names, int most) {
    Map<String, Topic> topics = new HashMap<>();
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    admin
        .describeConfigs(resources)
        .values()
        .forEach(
            (resource, config) ->
                topics.put(
                    resource.name(),
                    new Topic.Open(Math.min(limit(resource, config, most), most))));
    return topics;
  }

  private static int limit(ConfigResource topic, KafkaFuture<Config> asked, int most) {
    try {
      Config config =
          TopicProvisioner.await(
              "settings of topic %s could not be read".formatted(topic.name()), asked);
      return Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    } catch (OperatorNeededException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return most;
      }
      throw e;
    }
  }
}

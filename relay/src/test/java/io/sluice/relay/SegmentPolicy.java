package io.sluice.relay;

import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** A policy as clouds have it: no small segments. It also refuses all topics of one group. */
public final class SegmentPolicy implements CreateTopicPolicy {

  /** The name of the group whose topics are refused. */
  static final String FORBIDDEN = "forbidden";

  private static final int MIN_SEGMENT_BYTES = 52_428_800;

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void validate(RequestMetadata topic) {
    String bytes = topic.configs().get("segment.bytes");
    if (bytes != null && Integer.parseInt(bytes) < MIN_SEGMENT_BYTES) {
      throw new PolicyViolationException(
          "Config property 'segment.bytes' with value '%s' exceeded min limit".formatted(bytes));
    }
    if (topic.topic().contains(FORBIDDEN)) {
      throw new PolicyViolationException("no topics for " + FORBIDDEN);
    }
  }

  @Override
  public void close() {}
}

package io.sluice.writer.spring;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Configures the shards whose data sources are named in the settings. */
@Configuration(proxyBeanMethods = false)
@Conditional(NamedShardsConfiguration.AreNamed.class)
final class NamedShardsConfiguration {

  @Bean
  @ConditionalOnMissingBean
  ShardDataSources shardDataSources(SluiceWriterProperties properties, ListableBeanFactory beans) {
    List<String> known = Arrays.asList(beans.getBeanNamesForType(DataSource.class));
    List<String> problems = new ArrayList<>();
    Map<ShardId, DataSource> byShard = new TreeMap<>();
    new TreeMap<>(properties.shards())
        .forEach(
            (shard, bean) -> {
              if (known.contains(bean)) {
                byShard.put(ShardId.of(shard), beans.getBean(bean, DataSource.class));
              } else {
                problems.add(
                    "%s.%s is '%s', which is not a DataSource bean"
                        .formatted(SluiceWriterProperties.SHARDS, shard, bean));
              }
            });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: the DataSource beans are %s; correct the name or add the bean"
              .formatted(String.join("; ", problems), known));
    }
    return ShardDataSources.of(byShard);
  }

  /** Matches if there are settings for shards. */
  static final class AreNamed implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return Binder.get(context.getEnvironment())
          .bind(SluiceWriterProperties.SHARDS, Bindable.mapOf(String.class, String.class))
          .isBound();
    }
  }
}

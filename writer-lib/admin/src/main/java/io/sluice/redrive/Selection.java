package io.sluice.redrive;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Selects failed rows of a shard: those that meet all criteria.
 *
 * @param ids as stored; empty means any
 * @param criteria with the values of their parameters
 */
record Selection(Set<String> ids, Map<Criterion, Object> criteria) {

  Selection {
    ids = Collections.unmodifiableSet(new TreeSet<>(ids));
    Map<Criterion, Object> copy = new EnumMap<>(Criterion.class);
    copy.putAll(criteria);
    criteria = Collections.unmodifiableMap(copy);
  }
}

package io.sluice.redrive;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which failed rows of a shard are meant: those that fulfil all of it.
 *
 * @param ids as they stand in the rows; none means any
 * @param criteria with their values
 */
record Selection(Set<String> ids, Map<Criterion, Object> criteria) {

  public Selection {
    ids = Collections.unmodifiableSet(new TreeSet<>(ids));
    Map<Criterion, Object> copy = new EnumMap<>(Criterion.class);
    copy.putAll(criteria);
    criteria = Collections.unmodifiableMap(copy);
  }
}

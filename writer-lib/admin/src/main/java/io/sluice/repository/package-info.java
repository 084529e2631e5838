/** The outbox tables of all shards, for those who look after them: read, update, clean up. */
@NullMarked
package io.sluice.repository;

import org.jspecify.annotations.NullMarked;

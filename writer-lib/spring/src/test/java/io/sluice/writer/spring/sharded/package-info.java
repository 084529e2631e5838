/** The example of docs/spring.md for several shards with JPA. */
@NullMarked
package io.sluice.writer.spring.sharded;

import org.jspecify.annotations.NullMarked;

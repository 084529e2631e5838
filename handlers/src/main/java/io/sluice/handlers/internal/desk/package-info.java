/** A desk for each shard, which reads and writes rows for all domains, many by one statement. */
@NullMarked
package io.sluice.handlers.internal.desk;

import org.jspecify.annotations.NullMarked;

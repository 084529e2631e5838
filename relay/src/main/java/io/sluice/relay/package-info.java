/** The relay daemon: its command line, and the shards it runs. */
@NullMarked
package io.sluice.relay;

import org.jspecify.annotations.NullMarked;

/** What is captured from the binlog: inserted rows, and how they are decoded. */
@NullMarked
package io.sluice.relay.capture;

import org.jspecify.annotations.NullMarked;

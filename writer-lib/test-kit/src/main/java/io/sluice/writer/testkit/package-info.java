/**
 * Support for tests of services that write events: an outbox without a database, and assertions
 * about written events. Start at {@link io.sluice.writer.testkit.RecordingOutbox} and {@link
 * io.sluice.writer.testkit.OutboxAssertions}.
 */
@NullMarked
package io.sluice.writer.testkit;

import org.jspecify.annotations.NullMarked;

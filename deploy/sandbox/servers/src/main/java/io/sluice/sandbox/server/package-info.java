/** Gets a real MySQL and a real Kafka: {@link io.sluice.sandbox.server.SandboxServers} for both. */
@NullMarked
package io.sluice.sandbox.server;

import org.jspecify.annotations.NullMarked;

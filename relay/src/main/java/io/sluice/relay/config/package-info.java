/** Reads and validates the configuration file. The only place that reads the environment. */
@NullMarked
package io.sluice.relay.config;

import org.jspecify.annotations.NullMarked;

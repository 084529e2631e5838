/** Reads and checks the configuration file. The only place that looks at the environment. */
@NullMarked
package io.sluice.relay.config;

import org.jspecify.annotations.NullMarked;

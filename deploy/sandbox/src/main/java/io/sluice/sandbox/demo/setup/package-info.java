/** Databases, accounts and configuration files of the demo. */
@NullMarked
package io.sluice.sandbox.demo.setup;

import org.jspecify.annotations.NullMarked;

/** The demo's handlers, some of which fail on purpose. */
@NullMarked
package io.sluice.sandbox.demo.workers;

import org.jspecify.annotations.NullMarked;

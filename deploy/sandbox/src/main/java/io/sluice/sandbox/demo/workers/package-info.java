/** The demo's handlers. Some events make them fail on purpose. */
@NullMarked
package io.sluice.sandbox.demo.workers;

import org.jspecify.annotations.NullMarked;

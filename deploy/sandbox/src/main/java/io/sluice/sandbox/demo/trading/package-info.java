/** The demo's business: a small trading back end that writes events with its data. */
@NullMarked
package io.sluice.sandbox.demo.trading;

import org.jspecify.annotations.NullMarked;

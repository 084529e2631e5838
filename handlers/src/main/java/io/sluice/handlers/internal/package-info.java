/** What all parts of a runtime share. */
@NullMarked
package io.sluice.handlers.internal;

import org.jspecify.annotations.NullMarked;

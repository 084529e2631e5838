/**
 * Redrives or discards events that have failed for good. Start at {@link
 * io.sluice.redrive.Redrive}.
 */
@NullMarked
package io.sluice.redrive;

import org.jspecify.annotations.NullMarked;

/**
 * Sends events again that have failed for good, or gives them up. Start at {@link
 * io.sluice.redrive.Redrive}.
 */
@NullMarked
package io.sluice.redrive;

import org.jspecify.annotations.NullMarked;

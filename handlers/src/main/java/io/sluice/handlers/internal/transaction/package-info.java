/** Handlers whose effects and whose row are one transaction. */
@NullMarked
package io.sluice.handlers.internal.transaction;

import org.jspecify.annotations.NullMarked;

/** Events that handlers have given up, on the domain's topic of dead letters. */
@NullMarked
package io.sluice.handlers.internal.deadletter;

import org.jspecify.annotations.NullMarked;

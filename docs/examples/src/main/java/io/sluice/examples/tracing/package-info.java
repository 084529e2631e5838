/** Events that bear the trace they belong to: the code of docs/writing.md. */
@NullMarked
package io.sluice.examples.tracing;

import org.jspecify.annotations.NullMarked;

/** Events that carry their trace: the code of docs/writing.md. */
@NullMarked
package io.sluice.examples.tracing;

import org.jspecify.annotations.NullMarked;

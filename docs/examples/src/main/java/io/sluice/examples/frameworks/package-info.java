/** Events in the transactions of frameworks: the code of docs/writing.md. */
@NullMarked
package io.sluice.examples.frameworks;

import org.jspecify.annotations.NullMarked;

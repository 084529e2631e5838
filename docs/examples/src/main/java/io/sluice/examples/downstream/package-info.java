/** A reader of another team: the code of docs/consuming.md. */
@NullMarked
package io.sluice.examples.downstream;

import org.jspecify.annotations.NullMarked;

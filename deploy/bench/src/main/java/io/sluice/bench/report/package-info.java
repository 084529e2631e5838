/** Tables and plots of the results. */
@NullMarked
package io.sluice.bench.report;

import org.jspecify.annotations.NullMarked;

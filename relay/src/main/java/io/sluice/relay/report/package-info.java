/** How answers to operators are shown: as text for people, as JSON for their tools. */
@NullMarked
package io.sluice.relay.report;

import org.jspecify.annotations.NullMarked;

/** Access to one outbox table, shared by the packages of this module. Not for users. */
@NullMarked
package io.sluice.repository.internal;

import org.jspecify.annotations.NullMarked;

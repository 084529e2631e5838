/** The JUnit extension: databases, accounts and topics of a test class, and what it left behind. */
@NullMarked
package io.sluice.sandbox.junit;

import org.jspecify.annotations.NullMarked;

/** The JUnit extension: databases, accounts and topics of a test class, and detection of leaks. */
@NullMarked
package io.sluice.sandbox.junit;

import org.jspecify.annotations.NullMarked;

package io.sluice.sandbox.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Gives a test class a {@link Sandbox}, as a parameter of its constructor or methods: databases,
 * accounts and topics on a real MySQL and a real Kafka, which no other class uses.
 *
 * <pre>{@code
 * @SandboxTest
 * class OutboxWriterIT {
 *   @Test
 *   void writesOneRow(Sandbox sandbox) throws SQLException {
 *     Database orders = sandbox.database("orders");
 *     orders.run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
 *     try (Connection connection = orders.connect()) { ... }
 *   }
 * }
 * }</pre>
 *
 * <p>After the class, everything that it created on the servers is dropped. The class fails if it
 * leaves a thread in this JVM, or a connection to its databases or by its accounts. No other test
 * class runs at the same time in the same JVM, because a leaked thread could not be assigned to a
 * class.
 */
@Documented
@Inherited
@Isolated
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SandboxExtension.class)
public @interface SandboxTest {}

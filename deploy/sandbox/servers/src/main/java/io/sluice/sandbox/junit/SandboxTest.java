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
 * accounts and topics of its own on a real MySQL and a real Kafka.
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
 * <p>After the class everything it made on the servers is dropped, and the class fails if it left
 * behind a thread of this JVM or a connection to its databases or by its accounts. Other test
 * classes do not run at the same time in the same JVM: their threads could not be told apart.
 */
@Documented
@Inherited
@Isolated
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SandboxExtension.class)
public @interface SandboxTest {}

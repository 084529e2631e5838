/**
 * Writes events in Spring's transactions. Spring Boot 3.5 and 4 configure it by themselves; without
 * Boot make a {@link io.sluice.writer.spring.SpringOutbox} of your own.
 */
@NullMarked
package io.sluice.writer.spring;

import org.jspecify.annotations.NullMarked;

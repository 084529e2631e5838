/**
 * Writes events in Spring's transactions. Spring Boot 3.5 and 4 configure it automatically; without
 * Boot create a {@link io.sluice.writer.spring.SpringOutbox}.
 */
@NullMarked
package io.sluice.writer.spring;

import org.jspecify.annotations.NullMarked;

package io.sluice.relay.admin;

import io.sluice.relay.preflight.Finding;

/**
 * Something the doctor found.
 *
 * @param subject what it is about, such as {@code kafka} or {@code shard 'x'}
 * @param finding what it is
 */
public record Diagnosis(String subject, Finding finding) {}

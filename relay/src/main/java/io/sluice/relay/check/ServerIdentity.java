package io.sluice.relay.check;

/**
 * Which server it is.
 *
 * @param uuid it calls itself by; no two have the same
 * @param id it marks its own events by in binary logs, {@code server_id}
 */
public record ServerIdentity(String uuid, long id) {}

package io.sluice.sandbox.proxy;

/**
 * Present and past connections of a proxy.
 *
 * @param connections connections open now
 * @param opaque connections since the start whose client switched to encryption or compression, so
 *     that their events are not counted
 * @param dumps binary log dumps begun since the start
 * @param writeRowsEvents write-rows events forwarded to clients since the start
 * @param held streams that are held before a write-rows event now
 * @param cuts connections cut on request since the start
 */
public record Traffic(
    int connections, int opaque, int dumps, long writeRowsEvents, int held, int cuts) {}

package io.sluice.sandbox.proxy;

/**
 * What a proxy has to do and has done.
 *
 * @param connections connections open now
 * @param opaque connections since the start whose client turned to encryption or compression, so
 *     that nothing else here counts what is in them
 * @param dumps binary log dumps begun since the start
 * @param writeRowsEvents write-rows events forwarded to clients since the start
 * @param held streams that stand before a write-rows event now, waiting for their release
 * @param cuts connections cut by order since the start
 */
public record Traffic(
    int connections, int opaque, int dumps, long writeRowsEvents, int held, int cuts) {}

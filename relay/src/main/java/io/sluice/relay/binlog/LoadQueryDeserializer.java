package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Reads a LOAD DATA statement that is in the binlog as a statement. It is a statement with the
 * place of the loaded file before its other parts.
 */
final class LoadQueryDeserializer implements EventDataDeserializer<QueryEventData> {

  private static final int FILE_BYTES = 4 + 4 + 4 + 1;

  @Override
  public QueryEventData deserialize(ByteArrayInputStream input) throws IOException {
    QueryEventData query = new QueryEventData();
    query.setThreadId(input.readLong(4));
    query.setExecutionTime(input.readLong(4));
    input.skip(1); // length of the database's name
    query.setErrorCode(input.readInteger(2));
    int variables = input.readInteger(2);
    input.skip(FILE_BYTES + variables);
    query.setDatabase(input.readZeroTerminatedString());
    query.setSql(input.readString(input.available()));
    return query;
  }
}

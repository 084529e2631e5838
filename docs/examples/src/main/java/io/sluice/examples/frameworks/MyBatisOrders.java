package io.sluice.examples.frameworks;

import io.sluice.writer.OutboxWriter;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;

/** With MyBatis. */
record MyBatisOrders(SqlSessionFactory database, OutboxWriter outbox, Limits limits)
    implements Orders {

  @Override
  public void place(Order order) {
    try (SqlSession session = database.openSession()) {
      session.getMapper(OrderMapper.class).insert(order);
      outbox.append(session.getConnection(), order.created());
      limits.check(order);
      session.commit(true); // without "true" it commits only what mappers have written
    } // what was not committed is rolled back
  }
}

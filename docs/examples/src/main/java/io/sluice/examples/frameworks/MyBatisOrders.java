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
      try {
        session.getMapper(OrderMapper.class).insert(order);
        outbox.append(session.getConnection(), order.created());
        limits.check(order);
        session.commit(true);
      } catch (RuntimeException e) {
        session.rollback(true); // by force: MyBatis knows only what mappers have written
        throw e;
      }
    }
  }
}

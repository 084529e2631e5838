package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.chaos.Load;
import io.sluice.sandbox.demo.setup.PassingFailure;
import io.sluice.sandbox.demo.trading.Allowance;
import io.sluice.sandbox.demo.verify.OutboxTables;
import java.sql.SQLException;
import java.util.OptionalDouble;

/**
 * The load of the back end, measured by the events in the tables.
 *
 * @param events number of events that the run writes in total
 */
record TradingLoad(long events, OutboxTables tables, Allowance allowance) implements Load {

  @Override
  public OptionalDouble committed() {
    try {
      return OptionalDouble.of((double) tables.written() / events);
    } catch (SQLException e) {
      if (PassingFailure.causes(e)) {
        return OptionalDouble.empty();
      }
      throw new IllegalStateException("events could not be counted: " + e.getMessage(), e);
    }
  }

  @Override
  public void allow(double upTo) {
    allowance.grant((long) Math.ceil(upTo * events));
  }
}

package io.sluice.examples.frameworks;

import org.apache.ibatis.annotations.Insert;

/** Orders as MyBatis stores them. */
interface OrderMapper {

  @Insert("INSERT INTO orders (id, user_id, amount) VALUES (#{id}, #{userId}, #{amount})")
  void insert(Order order);
}

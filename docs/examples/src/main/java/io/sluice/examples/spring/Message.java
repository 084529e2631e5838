package io.sluice.examples.spring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** What a user reads. */
@Entity
@Table(name = "messages")
class Message {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Nullable Long id;

  @Column(name = "user_id")
  String userId;

  String text;

  Message(String userId, String text) {
    this.userId = userId;
    this.text = text;
  }

  /** For JPA. */
  protected Message() {
    this("", "");
  }
}

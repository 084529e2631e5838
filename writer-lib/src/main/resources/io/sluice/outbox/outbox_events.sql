CREATE TABLE IF NOT EXISTS outbox_events (
  id             CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  domain         VARCHAR(64)  NOT NULL,
  event_type     VARCHAR(255) NOT NULL,
  aggregate_type VARCHAR(255) NOT NULL,
  aggregate_id   VARCHAR(255) NOT NULL,
  event_data     LONGTEXT     NOT NULL,
  headers        JSON         NULL,
  status         VARCHAR(16)  NOT NULL DEFAULT 'PENDING',
  retry_count    INT          NOT NULL DEFAULT 0,
  max_retries    INT          NOT NULL DEFAULT 3,
  last_error     VARCHAR(1000) NULL,
  created_at     DATETIME(6)  NOT NULL,
  updated_at     DATETIME(6)  NOT NULL,
  published_at   DATETIME(6)  NULL,
  PRIMARY KEY (id),
  KEY outbox_events_status (status, published_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

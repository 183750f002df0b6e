-- Roll-outs of template generations, and what they did to each container.
CREATE TABLE patch_run (
  id         BIGINT       PRIMARY KEY,
  action     VARCHAR(16)  NOT NULL,
  template   VARCHAR(64)  NOT NULL,
  request    VARCHAR(1048576) NOT NULL,
  state      VARCHAR(16)  NOT NULL,
  started    TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  ended      TIMESTAMP(9) WITH TIME ZONE,
  message    VARCHAR(4096)
);
CREATE INDEX patch_run_state ON patch_run (state);

-- No reference to container: a report outlives what it reports on.
CREATE TABLE patch_report (
  run     BIGINT NOT NULL,
  ctid    INT    NOT NULL,
  content CHARACTER LARGE OBJECT NOT NULL,
  PRIMARY KEY (run, ctid),
  CONSTRAINT patch_report_of FOREIGN KEY (run) REFERENCES patch_run ON DELETE CASCADE
);
CREATE INDEX patch_report_container ON patch_report (ctid);

CREATE TABLE label (
  ctid    INT         NOT NULL,
  name    VARCHAR(63) NOT NULL,
  content VARCHAR(63) NOT NULL,
  PRIMARY KEY (ctid, name),
  CONSTRAINT label_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);

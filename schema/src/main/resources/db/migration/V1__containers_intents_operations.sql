CREATE TABLE container (
  ctid          INT          PRIMARY KEY,
  uuid          UUID         NOT NULL,
  name          VARCHAR(64),
  hostname      VARCHAR(64),
  description   VARCHAR(2048),
  template      VARCHAR(64)  NOT NULL,
  generation    INT          NOT NULL,
  sample        VARCHAR(64),
  onboot        BOOLEAN,
  boot_order    INT,
  disabled      BOOLEAN      NOT NULL,
  stop_timeout  INT,
  ram           BIGINT,
  swap          BIGINT,
  cpu_percent   DOUBLE PRECISION,
  cpu_units     INT,
  numproc       BIGINT,
  wants_running BOOLEAN      NOT NULL,
  created       TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  CONSTRAINT container_uuid_taken UNIQUE (uuid),
  CONSTRAINT container_name_taken UNIQUE (name)
);
CREATE INDEX container_template ON container (template);

-- A privileged container has no row here: ids of the host are nobody's range.
CREATE TABLE id_range (
  base INT PRIMARY KEY,
  ctid INT NOT NULL,
  CONSTRAINT id_range_one_per_container UNIQUE (ctid),
  CONSTRAINT id_range_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);

-- Configuration keys that are kept and not acted on.
CREATE TABLE extra_setting (
  ctid    INT           NOT NULL,
  name    VARCHAR(64)   NOT NULL,
  content VARCHAR(65536) NOT NULL,
  PRIMARY KEY (ctid, name),
  CONSTRAINT extra_setting_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);

CREATE TABLE intent (
  ctid  INT           PRIMARY KEY,
  kind  VARCHAR(16)   NOT NULL,
  data  VARCHAR(4096) NOT NULL,
  since TIMESTAMP(9) WITH TIME ZONE NOT NULL
);

CREATE TABLE operation (
  id        BIGINT       PRIMARY KEY,
  kind      VARCHAR(32)  NOT NULL,
  target    VARCHAR(64)  NOT NULL,
  state     VARCHAR(16)  NOT NULL,
  started   TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  ended     TIMESTAMP(9) WITH TIME ZONE,
  percent   INT          NOT NULL,
  message   VARCHAR(4096),
  exit_code INT
);

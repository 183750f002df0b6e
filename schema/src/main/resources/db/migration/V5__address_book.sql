-- Who has which address and which port of the host. The container's own list, in its order and
-- spelling, is among its kept settings; this table lets no address be given twice.
CREATE TABLE address (
  address VARCHAR(45) PRIMARY KEY,
  ctid    INT         NOT NULL,
  CONSTRAINT address_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);
CREATE INDEX address_container ON address (ctid);

-- An empty address stands for every address of the host.
CREATE TABLE published_port (
  protocol VARCHAR(3)  NOT NULL,
  address  VARCHAR(45) NOT NULL,
  port     INT         NOT NULL,
  ctid     INT         NOT NULL,
  CONSTRAINT published_port_key PRIMARY KEY (protocol, address, port),
  CONSTRAINT published_port_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);
CREATE INDEX published_port_container ON published_port (ctid);

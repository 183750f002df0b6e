-- Hardware addresses of both ends of bridged interfaces: on one wire none may be there twice.
CREATE TABLE hardware_address (
  mac  VARCHAR(17) PRIMARY KEY,
  ctid INT         NOT NULL,
  CONSTRAINT hardware_address_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);
CREATE INDEX hardware_address_container ON hardware_address (ctid);

-- Interfaces of the host that belong to a container: ends of its own, and those moved into it.
CREATE TABLE host_interface (
  name VARCHAR(15) PRIMARY KEY,
  ctid INT         NOT NULL,
  CONSTRAINT host_interface_of FOREIGN KEY (ctid) REFERENCES container ON DELETE CASCADE
);
CREATE INDEX host_interface_container ON host_interface (ctid);

-- Ranges that addresses are chosen from.
CREATE TABLE address_pool (
  name       VARCHAR(32) PRIMARY KEY,
  first_one  VARCHAR(45) NOT NULL,
  last_one   VARCHAR(45) NOT NULL,
  prefix     INT         NOT NULL
);

-- Networks of the host's own: a bridge each, made again after the host has booted.
CREATE TABLE bridge_network (
  name    VARCHAR(15)  PRIMARY KEY,
  subnet4 VARCHAR(18)  NOT NULL,
  subnet6 VARCHAR(49),
  domain  VARCHAR(63)  NOT NULL
);

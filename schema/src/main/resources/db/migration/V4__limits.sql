-- Null is as the host gives.
ALTER TABLE container ADD COLUMN mem_guarantee INT;
ALTER TABLE container ADD COLUMN cpus INT;
ALTER TABLE container ADD COLUMN cpu_mask VARCHAR(4096);
ALTER TABLE container ADD COLUMN node_mask VARCHAR(4096);
ALTER TABLE container ADD COLUMN io_priority INT;
ALTER TABLE container ADD COLUMN io_limit BIGINT;
ALTER TABLE container ADD COLUMN iops_limit BIGINT;
ALTER TABLE container ADD COLUMN numfile BIGINT;
ALTER TABLE container ADD COLUMN numpty BIGINT;

-- As the configuration file has them.
ALTER TABLE container ADD COLUMN bind_mounts VARCHAR(65536);

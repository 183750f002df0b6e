# A service in a sandbox, one with an open file, and one that may stay as it is.
set -e
cat >/etc/systemd/system/box.service <<'END'
[Service]
PrivateTmp=yes
ProtectSystem=full
ExecStart=/bin/sleep infinity
END
cat >/etc/systemd/system/reader.service <<'END'
[Service]
ExecStart=/bin/sh -c 'exec 3</usr/lib/case/file; exec sleep infinity'
END
cat >/etc/systemd/system/old.service <<'END'
[Service]
ExecStart=/usr/bin/perl -MDigest::SHA -e 'sleep 1 while 1'
END

# Generation 1: a dnf that knows the repositories which containers see.
set -e
mkdir -p /etc/yum.repos.d /srv/repo
for r in release own updates; do
  cat <<END
[$r]
name=$r
baseurl=file:///srv/repo/$r
gpgcheck=1
enabled=$([ $r = updates ] && echo 0 || echo 1)
END
done >/etc/yum.repos.d/site.repo

package org.lamina.acceptance;

/** The systems every sentence about containers holds for. */
enum SystemKind {
  DEBIAN_11("debian-11", false),
  DEBIAN_12("debian-12", false),
  DEBIAN_13("debian-13", false),
  DEBIAN_12_SYSVINIT("debian-12-sysvinit", false),
  DEBIAN_12_PRIVILEGED("debian-12", true);

  private final String template;
  private final boolean privileged;

  SystemKind(String template, boolean privileged) {
    this.template = template;
    this.privileged = privileged;
  }

  String template() {
    return template;
  }

  boolean privileged() {
    return privileged;
  }

  boolean systemd() {
    return this != DEBIAN_12_SYSVINIT;
  }

  /** Creates a stopped container of this kind. */
  Guest create(LaminaHost host, int ctid, String hostname) {
    return privileged
        ? Guest.create(host, ctid, template, "--hostname", hostname, "--privileged")
        : Guest.create(host, ctid, template, "--hostname", hostname);
  }
}

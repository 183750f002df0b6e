package org.lamina.acceptance;

/** Debian 12 and packages that are made where they are installed. */
final class QuickDebian implements QuickFamily {
  static final String NAME = "debian-12";

  private static final String PATCHED =
      """
      n=NUMBER
      mkdir -p /tmp/p/DEBIAN /tmp/p/usr/lib/patched /tmp/p/etc/patched
      printf 'Package: patched\\nVersion: 1.%s\\nArchitecture: all\\n' $n >/tmp/p/DEBIAN/control
      printf 'Maintainer: Nobody <nobody@localhost>\\nDescription: a test\\n' >>/tmp/p/DEBIAN/control
      echo /etc/patched/main.conf >/tmp/p/DEBIAN/conffiles
      echo "conf $n" >/tmp/p/etc/patched/main.conf
      echo "library $n" >/tmp/p/usr/lib/patched/library
      dpkg-deb --root-owner-group --build /tmp/p /tmp/p.deb
      dpkg --force-confold -i /tmp/p.deb
      rm -rf /tmp/p /tmp/p.deb
      """;

  private static final String OWN =
      """
      mkdir -p /tmp/o/DEBIAN /tmp/o/usr/share/own
      printf 'Package: own\\nVersion: 7\\nArchitecture: all\\n' >/tmp/o/DEBIAN/control
      printf 'Maintainer: Nobody <nobody@localhost>\\nDescription: a test\\n' >>/tmp/o/DEBIAN/control
      echo mine >/tmp/o/usr/share/own/file
      dpkg-deb --root-owner-group --build /tmp/o /tmp/o.deb
      dpkg -i /tmp/o.deb
      rm -rf /tmp/o /tmp/o.deb
      """;

  @Override
  public String template() {
    return NAME;
  }

  @Override
  public void build(LaminaHost host) {
    host.ensureTemplate(NAME);
  }

  @Override
  public String patched(int number) {
    return PATCHED.replace("NUMBER", Integer.toString(number));
  }

  @Override
  public String own() {
    return OWN;
  }

  @Override
  public String query() {
    return """
    dpkg-query -W -f '${Package} ${Version} ${Status}\\n' own patched | sed 's/install ok //'
    """;
  }

  @Override
  public String audit() {
    return """
    dpkg --audit
    dpkg -V patched own
    """;
  }
}

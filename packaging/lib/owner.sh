# shellcheck shell=bash
# Running a build for the owner of the checkout when root was asked for only to install and test.
# Needs common.sh.

owner_uid() { stat -c %u "$LAMINA_TOP"; }

# as_owner COMMAND...: as the checkout's owner if that is somebody else than root and we are root.
as_owner() {
  local uid name home
  uid=$(owner_uid)
  if [ "$(id -u)" -ne 0 ] || [ "$uid" -eq 0 ] || ! name=$(getent passwd "$uid" | cut -d: -f1) || [ -z "$name" ]; then
    "$@"
    return
  fi
  home=$(getent passwd "$uid" | cut -d: -f6)
  give_back
  runuser -u "$name" -- env HOME="$home" "$@"
}

# give_back: what root wrote below the build directories belongs to the checkout's owner again.
give_back() {
  local directory
  [ "$(id -u)" -eq 0 ] && [ "$(owner_uid)" -ne 0 ] || return 0
  while IFS= read -r -d '' directory; do
    chown -R --reference="$LAMINA_TOP" "$directory"
  done < <(find "$LAMINA_TOP" -name target -type d -prune -print0)
}

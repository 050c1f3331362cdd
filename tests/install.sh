# Sourced by tests/try and tests/run: installs packages of Debian 12 that are missing, and only those.

# What proves that it is there, and the package that brings it.
NEEDED_TO_TRY="
/usr/sbin/dovecot dovecot-core
/usr/lib/dovecot/imap dovecot-imapd
/usr/lib/dovecot/lmtp dovecot-lmtpd
/usr/lib/postfix/sbin/master postfix
/usr/bin/cc gcc
"
NEEDED_TO_TEST="$NEEDED_TO_TRY
/usr/bin/mbsync isync
/usr/bin/curl curl
/usr/bin/python3 python3-minimal
/usr/bin/openssl openssl
/usr/bin/dkimverify python3-dkim
/usr/lib/python3/dist-packages/nacl python3-nacl
/usr/lib/python3/dist-packages/dns python3-dnspython
/usr/bin/strace strace
/usr/sbin/dnsmasq dnsmasq-base
/usr/sbin/mkfs.xfs xfsprogs
/usr/bin/systemd-analyze systemd
/usr/sbin/clamd clamav-daemon
"

# Prints the packages of a list that are missing.
missing_packages() {
  local file package
  while read -r file package; do
    [ -z "$file" ] || [ -e "$file" ] || echo "$package"
  done <<<"$1" | sort -u
}

# install_missing LIST LOG: what apt says goes to LOG.
install_missing() {
  local missing log=$2
  missing=$(missing_packages "$1" | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "missing: $missing (these are Debian's names for them)" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    printf 'missing: %s\nInstall them first:\n  sudo apt-get install --no-install-recommends %s\n' "$missing" "$missing" >&2
    return 1
  fi
  echo "installing: $missing"
  # In a subshell, so that its clean-up does not replace the caller's.
  if ! (apt_install "$missing") >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get failed; all it said is in $log" >&2
    return 1
  fi
  missing=$(missing_packages "$1" | tr '\n' ' ')
  [ -z "$missing" ] || { echo "still missing after the installation: $missing" >&2; return 1; }
}

apt_install() {
  set -e
  export DEBIAN_FRONTEND=noninteractive
  # Debian would start its own Dovecot and Postfix: not here. A policy that is there already is left alone.
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  if command -v debconf-set-selections >/dev/null; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  fi
  # Another apt may be at work, as on a machine that has just started.
  apt-get -o DPkg::Lock::Timeout=300 update -q
  # shellcheck disable=SC2086 # one word for each package
  apt-get -o DPkg::Lock::Timeout=300 install -qy --no-install-recommends $1
}

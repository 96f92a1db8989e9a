#!/bin/sh
# Puts together all that is in the container image: the binary, the shared libraries that it loads and no others, what
# glibc and OpenSSL read, and the records of the Debian packages that these files are from. Runs on Debian 12 with the
# libraries installed: in the Dockerfile, and in the tests on the machine itself.
# Usage: make_root.sh BINARY FOLDER
set -eu

binary=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
root=$(cd "$2" && pwd)
[ -z "$(ls -A "$root")" ] || { echo "$root is not empty: name a new folder for the image's files" >&2; exit 1; }

# As Debian has it: /lib is usr/lib.
umask 022
mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/etc/ssl/certs" "$root/var/lib/dpkg/status.d"
for folder in bin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done

# owner FILE: the package that it is from. dpkg knows some files of /usr/lib as those of /lib.
owner() {
  { dpkg-query --search "$1" 2>/dev/null || dpkg-query --search "${1#/usr}" 2>/dev/null; } | sed 's/[:,].*//' | head -n 1
}

# record PACKAGE PATH: for scanners, that this file of the image belongs to this package.
record() {
  [ -n "$1" ] || { echo "no Debian package has $2: link the binary to Debian's own libraries alone" >&2; exit 1; }
  (cd "$root" && md5sum ".$2" | sed 's# \./# #') >>"$root/var/lib/dpkg/status.d/$1.md5sums"
}

# take PACKAGE FILE…: files, to the same places.
take() {
  package=$1
  shift
  for file in "$@"; do
    mkdir -p "$root$(dirname "$file")"
    cp -L --preserve=mode,timestamps "$file" "$root$file"
    record "$package" "$file"
  done
}

install -m 0755 "$binary" "$root/usr/bin/splitdelivery"
ln -s splitdelivery "$root/usr/bin/kubectl-sdd"

# The loader and the libraries, each under its own name with a link from the name that is asked for.
loaded=$(ldd "$binary")
missing=$(echo "$loaded" | sed -n 's/^[[:space:]]*\(.*\) => not found.*/\1/p')
[ -z "$missing" ] || {
  echo "not installed: $missing; add their Debian packages to the Dockerfile's list of libraries" >&2
  exit 1
}
for asked in $(echo "$loaded" | sed -n 's/.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p'); do
  file=$(readlink -f "$asked")
  package=$(owner "$file")
  take "$package" "$file"
  case $asked in /usr/*) ;; *) asked=/usr$asked ;; esac
  [ -e "$root$asked" ] || { mkdir -p "$root$(dirname "$asked")"; ln -s "$file" "$root$asked"; }
done

# The certificate authorities, where OpenSSL looks for them; which Debian this is, and the licences that copyrights name.
take ca-certificates /etc/ssl/certs/ca-certificates.crt
mkdir -p "$root/usr/lib/ssl"
ln -s /etc/ssl/certs/ca-certificates.crt "$root/usr/lib/ssl/cert.pem"
take base-files /usr/lib/os-release /etc/debian_version
ln -s ../usr/lib/os-release "$root/etc/os-release"
for file in /usr/share/common-licenses/*; do
  if [ -L "$file" ]; then cp -P "$file" "$root$file"; else take base-files "$file"; fi
done

# Who runs, and where it may write when a volume is there. Names are looked up in /etc/hosts, then asked for.
printf '%s\n' root:x:0:0:root:/:/usr/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/usr/sbin/nologin \
  >"$root/etc/passwd"
printf '%s\n' root:x:0: nonroot:x:65532: >"$root/etc/group"
printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$root/etc/nsswitch.conf"
mkdir -m 1777 "$root/tmp"
mkdir -p "$root/etc/splitdelivery"
install -d -m 0700 "$root/home/nonroot" "$root/var/lib/splitdelivery"
if [ "$(id -u)" -eq 0 ]; then chown 65532:65532 "$root/home/nonroot" "$root/var/lib/splitdelivery"; fi

# Each package's copyright and record. The names are from files, so that no package is without its record.
for list in "$root"/var/lib/dpkg/status.d/*.md5sums; do
  package=$(basename "$list" .md5sums)
  take "$package" "/usr/share/doc/$package/copyright"
  dpkg-query --status "$package" >"${list%.md5sums}"
done
mkdir -p "$root/usr/share/doc/splitdelivery"
install -m 0644 "$here/../../LICENSE" "$root/usr/share/doc/splitdelivery/copyright"

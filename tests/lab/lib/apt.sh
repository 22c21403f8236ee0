# shellcheck shell=bash
# apt with sources, lists and a cache of its own: the machine's own settings (its proxy too) are read, but not changed.

apt_private() { # NAME SOURCE...; a source is "URL SUITE COMPONENT"
  local directory=$LAB_CACHE/apt/$1 source
  mkdir -p "$directory"/{lists/partial,archives/partial,none}
  for source in "${@:2}"; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $source"
  done >"$directory/sources.list"
  cat >"$directory/apt.conf" <<E
Dir::Etc::sourcelist "$directory/sources.list";
Dir::Etc::sourceparts "$directory/none";
Dir::Etc::preferences "$directory/none/preferences";
Dir::Etc::preferencesparts "$directory/none";
Dir::State::lists "$directory/lists";
Dir::Cache::archives "$directory/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "root";
APT::Default-Release "";
APT::Install-Recommends "false";
Acquire::Languages "none";
E
  [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || die "the package debian-archive-keyring is missing: packages could not be verified"
  apt_run "$1" apt-get update -qq >"$directory/update.log" 2>&1 || die "apt-get update failed for ${*:2}: $(tail -n 2 "$directory/update.log")"
}

apt_run() { # NAME PROGRAM ARGUMENTS...
  APT_CONFIG=$LAB_CACHE/apt/$1/apt.conf "${@:2}"
}

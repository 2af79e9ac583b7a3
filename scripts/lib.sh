# Sourced by the scripts beside it: where things are, and how a script speaks.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.tools
wasm=wasm32-unknown-unknown
export PATH="$tools/bin:$PATH"
cd "$root" || exit

say() { printf '%s\n' "$*"; }

# The one sentence that says what to do, then the end.
fail() {
  printf '\nfrontdesk: %s\n' "$*" >&2
  exit 1
}

# step WHAT HOW_LONG COMMAND…: says what it does and how long that usually takes, does it, says how long it took.
# The command has to look after its own errors: bash does not stop inside it.
step() {
  local what=$1 usual=$2 began=$SECONDS
  shift 2
  say "==> $what (usually $usual)"
  "$@" || return
  say "    done in $((SECONDS - began)) s"
}

has() { command -v "$1" >/dev/null 2>&1; }

# What a caller's shell may have set for other builds must not change ours.
forget_cargo_settings() {
  unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET CARGO_TARGET_DIR \
    CARGO_BUILD_TARGET_DIR CARGO_INCREMENTAL "${!CARGO_PROFILE_@}"
}

# Cargo rebuilds everything when these differ between two commands, so they are set here and nowhere else.
release_flags() {
  forget_cargo_settings
  export RUSTFLAGS='--cfg erase_components'
}

# cargo-leptos adds this flag to its own debug builds.
debug_flags() {
  forget_cargo_settings
  export RUSTFLAGS='--cfg erase_components'
}

# Whether the installed compiler has a standard library for the browser that fits it.
has_wasm_target() {
  local probe found=0
  probe=$(mktemp -d) || fail "There is no room for temporary files: free some in ${TMPDIR:-/tmp}."
  printf 'pub fn probe() -> Vec<u8> { vec![0] }' |
    rustc --target "$wasm" --crate-name probe --crate-type lib --emit metadata -o "$probe/probe.rmeta" - 2>/dev/null ||
    found=1
  rm -rf "$probe"
  return "$found"
}

# apt_install PACKAGE…: from Debian, as root or with a sudo that does not ask; false where neither is possible.
apt_install() {
  local sudo=()
  has apt-get || return 1
  if [ "$(id -u)" != 0 ]; then
    { has sudo && sudo -n true 2>/dev/null; } || return 1
    sudo=(sudo -n)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

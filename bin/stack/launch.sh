# shellcheck shell=bash
# Sourced by every command of bin/: brings the packages and Node 24, then runs a TypeScript file in place of the shell.
# Works from any folder, as root and as an ordinary user; needs Node 20 or newer and npm, nothing else.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
state="$root/.onsale"
stamp="$root/node_modules/.onsale-installed"

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

check_machine() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-aarch64 | Darwin-*) ;;
    *) fail "Onsale runs on Linux x64 and arm64, and on macOS; this is $(uname -s) $(uname -m)." ;;
  esac
  command -v node > /dev/null || fail "Node is missing: install Node 20 or newer, https://nodejs.org/en/download"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
    fail "Node $(node -v) is too old: install Node 20 or newer, https://nodejs.org/en/download"
  command -v npx > /dev/null || fail "npm is missing: install it with Node, https://nodejs.org/en/download"
}

# What the installed packages depend on; another text, and they are installed again.
wanted_packages() {
  (cd "$root" && cat pnpm-lock.yaml pnpm-workspace.yaml package.json ./*/package.json && uname -sm) | cksum
}

is_installed() {
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(wanted_packages)" ]
}

# One install at a time in one checkout. A lock whose holder is gone, or that never named one, does not count.
install_packages() {
  mkdir -p -m 711 "$state"
  local lock="$state/install.lock" holder unnamed=0
  until (set -o noclobber && echo $$ > "$lock") 2> /dev/null; do
    holder=$(cat "$lock" 2> /dev/null || true)
    [ -n "$holder" ] || unnamed=$((unnamed + 1))
    if [ "$unnamed" -gt 25 ] || { [ -n "$holder" ] && ! kill -0 "$holder" 2> /dev/null; }; then
      rm -f "$lock"
    else
      sleep 0.2
    fi
  done
  trap 'rm -f "$lock"' EXIT
  if ! is_installed; then
    printf 'Installing packages.\n' >&2
    # CI=true: pnpm asks nothing, for there may be nobody to answer.
    (cd "$root" && CI=true npx -y pnpm@12.21.0 install --frozen-lockfile --reporter=append-only) >&2 ||
      fail "The packages could not be installed."
    wanted_packages > "$stamp"
  fi
  rm -f "$lock"
  trap - EXIT
}

# Node 24 comes as a package on Linux; elsewhere the machine's own must be new enough.
find_node() {
  local bundled
  for bundled in "$root"/node_modules/node-linux-*/bin/node; do
    if [ -x "$bundled" ] && "$bundled" --version > /dev/null 2>&1; then
      node=$bundled
      return
    fi
  done
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 24 ] ||
    fail "Node 24 is needed here and could not be brought; this is $(node -v). On macOS: brew install node@24"
  node=$(command -v node)
}

# launch <script below the root> [arguments]
launch() {
  check_machine
  is_installed || install_packages
  find_node
  # What Node makes of our files is kept for the next process: starting one costs half of it otherwise.
  export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$root/.onsale/node-cache}"
  local script=$1
  shift
  exec "$node" "$root/$script" "$@"
}

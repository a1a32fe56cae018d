# Sourced by the scripts beside it: a work folder with the npm `packages`, and `publish`.
data=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if [ -n "${packages:-}" ]; then
  npm init --yes > npm.log
  # shellcheck disable=SC2086
  npm install --no-audit --no-fund $packages >> npm.log 2>&1 || { cat npm.log; exit 1; }
fi

# publish FILE NAME: copy it to the fixtures, without the names of this machine and folder
publish() {
  mkdir -p "$data/$(dirname "$2")"
  sed -e "s#file://$work#file:///project#g; s#$work#/project#g" \
    -e 's#\("os":{"name":"linux"\),"version":"[^"]*"#\1#' "$1" > "$data/$2"
}

# What the long suites need beside Python: Debian's packages, and the tools of JavaScript workspaces
# that our answers are compared with. Needs $scratch. Where something cannot be installed the tests
# that want it say so, and `tools/skipped.py` fails.
packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v npm >/dev/null || packages+=(npm)
if [ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "== installing ${packages[*]}"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${packages[@]}" >/dev/null
fi
if command -v npm >/dev/null; then
  echo "== installing pnpm, turbo and nx"
  npm install --silent --no-audit --no-fund --prefix "$scratch/node" pnpm@9 turbo@2 nx@21 || true
  export PATH="$scratch/node/node_modules/.bin:$PATH"
fi
